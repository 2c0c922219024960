package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.micrometer.UnitOfWorkThreadLocalAccessor;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

@Timeout(180)
@ExtendWith(EventCollectorExtension.class)
class ReactorTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final EventCollector events = EventCollector.threadSingletonInstance();
  private final Orders orders = new Orders();

  @BeforeEach
  void carryUnits() {
    // tag::accessor
    ContextRegistry.getInstance() // once, at start-up
        .registerThreadLocalAccessor(new UnitOfWorkThreadLocalAccessor(events));
    Hooks.enableAutomaticContextPropagation(); // Reactor's; else only handle() and tap() see it
    // end::accessor
  }

  @AfterEach
  void carryNothing(InMemoryEventCollector collector) {
    // what is taken away while a task runs leaves the task's unit on its thread
    assertThat(collector).within(LONG).endedEveryUnitOfWork();
    Hooks.disableAutomaticContextPropagation();
    ContextRegistry.getInstance().removeThreadLocalAccessor(events);
  }

  // tag::unit
  <T> Mono<T> inUnitOfWork(Mono<T> work) {
    return Mono.usingWhen(
        Mono.fromSupplier(events.unitsOfWork()::begin),
        unit -> work.contextWrite(Context.of(events, unit)),
        this::publish,
        (unit, failure) -> Mono.fromRunnable(unit::clear),
        unit -> Mono.fromRunnable(unit::clear)); // cancelled
  }

  private Mono<PublishReport> publish(UnitOfWork unit) { // which waits for the broker
    return Mono.fromCallable(unit::publish).subscribeOn(Schedulers.boundedElastic());
  }

  // end::unit

  @Test
  void should_publish_when_the_chain_succeeds(InMemoryEventCollector collector) {
    Integer placed = inUnitOfWork(place(42)).block(LONG);

    assertThat(placed).isEqualTo(42);
    assertThat(collector)
        .published(event().toQueue("orders").withPayload(new OrderPlaced(42)))
        .published(event().withPayload(new OrderPlaced(43)))
        .publishedNothingElse()
        .endedEveryUnitOfWork();
    assertThat(collector.published().inUnit(1).size()).isEqualTo(2);
  }

  private Mono<Integer> place(int order) {
    return Mono.just(order)
        .delayElement(Duration.ofMillis(5), Schedulers.parallel())
        .doOnNext(orders::insert)
        .publishOn(Schedulers.boundedElastic())
        .doOnNext(number -> orders.insert(number + 1));
  }

  @Test
  void should_publish_nothing_when_the_chain_fails(InMemoryEventCollector collector) {
    Mono<Integer> failing =
        place(42)
            .map(
                order -> {
                  throw new IllegalStateException("no stock");
                });

    assertThatThrownBy(() -> inUnitOfWork(failing).block(LONG)).hasMessage("no stock");
    assertThat(collector).publishedNothing().cleared(exactly(2), event()).endedEveryUnitOfWork();
  }

  @Test
  void should_begin_another_unit_when_a_block_follows_behind_the_first(
      InMemoryEventCollector collector) {
    inUnitOfWork(place(42))
        .doOnNext(order -> AutoPublishingEventCollector.run(() -> orders.insert(order + 10)))
        .block(LONG);

    assertThat(collector).published(exactly(3), event()).endedEveryUnitOfWork();
    assertThat(collector.published().inUnit(1).size()).isEqualTo(2);
  }

  @Test
  void should_announce_the_failure_when_another_unit_follows_behind_the_first(
      InMemoryEventCollector collector) {
    Mono<Integer> failing = place(42).then(Mono.error(new IllegalStateException("no stock")));
    Mono<Integer> instead = Mono.just(1).doOnNext(one -> events.enqueueEvent("sorry", "mails"));

    inUnitOfWork(failing).onErrorResume(failure -> inUnitOfWork(instead)).block(LONG);

    assertThat(collector)
        .published(event().toQueue("mails").withPayload("sorry"))
        .publishedNothingElse()
        .cleared(exactly(2), event().toQueue("orders"))
        .endedEveryUnitOfWork();
  }

  @Test
  void should_publish_nothing_when_the_chain_is_cancelled(InMemoryEventCollector collector) {
    Disposable chain = inUnitOfWork(place(42).then(Mono.never())).subscribe();
    assertThat(collector).within(LONG).enqueued(exactly(2), event());

    chain.dispose();

    assertThat(collector).within(LONG).cleared(exactly(2), event()).endedEveryUnitOfWork();
  }

  @Test
  void should_keep_chains_apart_when_they_share_threads(InMemoryEventCollector collector) {
    Flux.range(0, 100)
        .flatMap(number -> inUnitOfWork(place(number * 10)).onErrorComplete(), 16)
        .blockLast(LONG);

    assertThat(collector).published(exactly(200), event()).endedEveryUnitOfWork();
    collector
        .published()
        .forEach(
            event -> assertThat(collector.published().inUnit(event.unit()).size()).isEqualTo(2));
  }

  @Test
  void should_collect_into_the_caller_s_unit_when_the_chain_captures_it(
      InMemoryEventCollector collector) throws Exception {
    AutoPublishingEventCollector.run(
        () -> {
          CompletableFuture<Integer> done = place(42).contextCapture().toFuture();
          done.get();
        });

    assertThat(collector).published(exactly(2), event()).publishedNothingElse();
  }

  @Test
  void should_collect_into_the_caller_s_unit_when_it_waits_for_the_chain(
      InMemoryEventCollector collector) {
    // tag::block
    AutoPublishingEventCollector.run(() -> place(42).block()); // captures the caller's unit
    // end::block

    assertThat(collector).published(exactly(2), event()).publishedNothingElse();
    assertThat(collector.published().inUnit(1).size()).isEqualTo(2);
  }
}
