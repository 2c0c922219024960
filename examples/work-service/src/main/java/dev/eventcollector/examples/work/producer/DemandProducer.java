package dev.eventcollector.examples.work.producer;

import dev.eventcollector.EventCollectorException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.work.model.WorkDemand;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Demands a work, again and again. What the broker does not take at once stays owed. */
final class DemandProducer implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(DemandProducer.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "task-producer"));
  private final PublishingEventCollector events;
  private final Plan plan;
  private final Runnable whenDone;
  private int demanded;

  /**
   * The demand to send, and how often.
   *
   * @param count 0 for ever more
   */
  record Plan(WorkDemand demand, Duration interval, int count) {}

  private DemandProducer(PublishingEventCollector events, Plan plan, Runnable whenDone) {
    this.events = events;
    this.plan = plan;
    this.whenDone = whenDone;
  }

  static DemandProducer start(PublishingEventCollector events, Plan plan, Runnable whenDone) {
    DemandProducer producer = new DemandProducer(events, plan, whenDone);
    producer.timer.scheduleWithFixedDelay(
        producer::demand, 0, plan.interval().toNanos(), TimeUnit.NANOSECONDS);
    return producer;
  }

  private void demand() {
    try {
      String id = events.enqueueEvent(plan.demand(), Queues.DEMANDS);
      LOGGER.info("{}: demanding to add up to {}", id, plan.demand().addUpTo());
      demanded++;
      PublishReport report = events.publish();
      if (!report.allConfirmed()) {
        LOGGER.warn("kept for later: {}", report);
      }
    } catch (EventCollectorException e) {
      LOGGER.error("not demanded: {}", e.toString());
    }
    if (demanded == plan.count()) {
      timer.shutdown();
      whenDone.run();
    }
  }

  @Override
  public boolean drain(Deadline deadline) {
    timer.shutdown();
    int left = events.close(deadline.left());
    LOGGER.info("{}", events.state());
    if (left > 0) {
      LOGGER.error("{} demand(s) were not published", left);
    }
    return left == 0;
  }

  @Override
  public @Nullable String trouble() {
    return Broker.troubleOf(events);
  }
}
