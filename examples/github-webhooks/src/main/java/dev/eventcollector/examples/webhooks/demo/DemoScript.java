package dev.eventcollector.examples.webhooks.demo;

import static dev.eventcollector.examples.webhooks.demo.DemoPayloads.action;
import static dev.eventcollector.examples.webhooks.demo.DemoPayloads.ping;
import static dev.eventcollector.examples.webhooks.demo.DemoPayloads.pullRequest;
import static dev.eventcollector.examples.webhooks.demo.DemoPayloads.push;
import static dev.eventcollector.examples.webhooks.demo.DemoPayloads.withoutRepository;

import java.util.List;
import java.util.UUID;

/** The deliveries that the demo sends. */
final class DemoScript {

  private final String secret;
  private final String oldSecret;
  private final String failingDelivery = newId();
  private final SampleDelivery push;
  private final SampleDelivery pushDuringOutage;

  DemoScript(String secret, String oldSecret) {
    this.secret = secret;
    this.oldSecret = oldSecret;
    this.push = SampleDelivery.json("push", newId(), push("main"), secret);
    this.pushDuringOutage = SampleDelivery.json("push", newId(), push("release/1.0"), secret);
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  /** The delivery whose handling fails twice. */
  String failingDelivery() {
    return failingDelivery;
  }

  List<DemoStep> goodOnes() {
    return List.of(
        accepted("GitHub tries the webhook out", signed("ping", ping())),
        accepted("a push", push, "build", "mirror"),
        accepted(
            "its payload in a form",
            SampleDelivery.form("pull_request", newId(), pullRequest("opened", "main"), secret),
            "check-pull-request"),
        accepted(
            "with a charset, and signed with the old secret",
            SampleDelivery.json("issues", newId(), action("opened"), oldSecret)
                .with(SampleDelivery.CONTENT_TYPE, "application/json; charset=utf-8"),
            "triage"),
        accepted("of an organisation", signed("member_invited", withoutRepository("added"))),
        accepted(
            "handling it fails twice",
            SampleDelivery.json("release", failingDelivery, action("published"), secret),
            "publish-release"),
        accepted("the push again, a duplicate", push));
  }

  List<DemoStep> badOnes() {
    SampleDelivery good = signed("push", push("main"));
    return List.of(
        rejected("signed with a wrong secret", 401, forged()),
        rejected("one bit changed after signing", 401, good.withOneBitChanged()),
        rejected("not signed", 401, good.without(SampleDelivery.SIGNATURE)),
        rejected("signed, but malformed JSON", 400, signed("push", "{\"ref\": ")),
        rejected("signed, but without an id", 400, good.without(SampleDelivery.DELIVERY)),
        rejected("a GET", 405, good.withMethod("GET")),
        rejected("plain text", 415, good.with(SampleDelivery.CONTENT_TYPE, "text/plain")));
  }

  /** To be sent while the broker is away. */
  DemoStep duringOutage() {
    return new DemoStep(
        "the broker is away: kept", pushDuringOutage, 503, List.of("build", "mirror"));
  }

  /** To be sent when it is back. */
  DemoStep afterOutage() {
    return accepted("sent again: a duplicate", pushDuringOutage);
  }

  private SampleDelivery signed(String event, String payload) {
    return SampleDelivery.json(event, newId(), payload, secret);
  }

  private static SampleDelivery forged() {
    return SampleDelivery.json("push", newId(), push("main"), "not the secret");
  }

  private static DemoStep accepted(String title, SampleDelivery delivery, String... runs) {
    return new DemoStep(title, delivery, 202, List.of(runs));
  }

  private static DemoStep rejected(String title, int status, SampleDelivery delivery) {
    return new DemoStep(title, delivery, status, List.of());
  }
}
