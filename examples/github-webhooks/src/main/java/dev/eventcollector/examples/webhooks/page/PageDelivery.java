package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.webhooks.history.OpenedDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDelivery;
import dev.eventcollector.examples.webhooks.history.Step;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import dev.eventcollector.examples.webhooks.workflows.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One delivery as the page opens it.
 *
 * @param verdicts each workflow, rule by rule; null until they were chosen
 * @param payload null when it is not kept
 */
record PageDelivery(
    RecentDelivery row,
    List<Step> steps,
    int stepsLeftOut,
    @Nullable List<Verdict> verdicts,
    @Nullable PagePayload payload,
    List<GithubLinks.Link> links) {

  static PageDelivery of(OpenedDelivery opened) {
    RecentDelivery row = opened.row();
    Decision decision = opened.decision();
    byte @Nullable [] payload = opened.payload();
    String hookId = decision == null ? null : decision.event().hookId();
    return new PageDelivery(
        row,
        opened.steps(),
        opened.stepsLeftOut(),
        decision == null ? null : decision.verdicts(),
        payload == null ? null : PagePayload.of(payload),
        GithubLinks.of(row.event(), row.repository(), hookId, payload));
  }
}
