package dev.eventcollector.spring;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.spring.EventCollectorProperties.OutsideOfUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about events that are enqueued where no unit of work is open. */
final class OutsideOfUnits implements UnitOfWorkListener {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventCollector.class);

  private final UnitsOfWork units;
  private final OutsideOfUnit rule;

  OutsideOfUnits(EventCollector collector, OutsideOfUnit rule, EndOfCollector end) {
    this.units = collector.unitsOfWork();
    this.rule = rule;
    end.when(collector, units.listen(this)::close);
    if (units.current().isEmpty()) {
      units.publishCurrent(); // beans that were made earlier may have enqueued as they were made
    }
  }

  @Override
  public void beforeEnqueuedOutside(Event event) {
    if (rule == OutsideOfUnit.FAIL) {
      throw new IllegalStateException(
          "an event for queue "
              + event.queue()
              + " is enqueued outside of any request, delivery, transaction or block"
              + " (event-collector.outside-of-unit=fail)");
    }
    if (rule == OutsideOfUnit.WARN) {
      LOGGER.warn(
          "An event for queue {} is enqueued outside of any request, delivery, transaction or"
              + " block, and published at once (event-collector.outside-of-unit=warn)",
          event.queue());
    }
  }

  @Override
  public void onEnqueued(UnitOfWork unit, Event event, Object payload) {
    if (units.current().isEmpty()) {
      PublishReport report = units.publishCurrent();
      LOGGER.debug("Published outside of a unit of work: {}", report);
    }
  }
}
