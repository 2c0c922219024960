package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages with any properties, published and confirmed as events are. */
class ConfirmedMovesTest extends UsualBrokerFaults {

  private static final byte[] THIRTY_MEBIBYTES = new byte[30 * 1024 * 1024];

  private ConfirmedMoves moves;

  @BeforeEach
  void openMoves() {
    ConnectionOptions options = new ConnectionOptions();
    options.uris = List.of(proxy.uri());
    options.connectTimeout = PATIENCE;
    moves = new ConfirmedMoves(options.connector(new ArrayList<>()), "moves");
    closeAtEnd(moves::close);
  }

  private Move move(String id) {
    return move(id, queue);
  }

  private static Move move(String id, String queue) {
    BasicProperties properties =
        new BasicProperties.Builder().messageId(id).type("t").headers(Map.of("h", 1)).build();
    return new Move(queue, properties, new byte[] {1, 2, 3});
  }

  @Test
  void should_tell_the_outcome_of_each_when_one_queue_is_missing_trap_21() {
    List<Outcome> outcomes =
        moves.move(List.of(move("a"), move("b", "no-such-queue"), move("a"), move("c")));

    assertThat(outcomes.get(1).isConfirmed()).isFalse();
    assertThat(outcomes).filteredOn(Outcome::isConfirmed).hasSize(3);
    assertThat(broker.receive(queue, 3, PATIENCE))
        .allSatisfy(
            message -> {
              assertThat(message.persistent()).isTrue();
              assertThat(message.headers()).containsEntry("h", 1);
            });
  }

  @Test
  void should_move_a_message_without_an_id_trap_21() {
    Outcome outcome = moves.move(queue, new BasicProperties(), new byte[1]);

    assertThat(outcome).isEqualTo(Outcome.confirmed());
  }

  @Test
  void should_return_by_the_deadline_and_work_again_when_the_broker_reads_no_more_trap_21() {
    moves.move(List.of(move("connects")));
    proxy.stall(Direction.TO_BROKER);
    List<Move> many =
        Collections.nCopies(2, new Move(queue, new BasicProperties(), THIRTY_MEBIBYTES));
    List<Outcome> outcomes = new ArrayList<>();

    Duration took = timed(() -> outcomes.addAll(moves.move(many, Duration.ofSeconds(1))));

    assertThat(took).isLessThan(Duration.ofSeconds(1).plus(GRACE));
    assertThat(outcomes).extracting(Outcome::status).allMatch(Status::isTransportTrouble);
    proxy.resume();
    assertThat(moves.move(List.of(move("again")))).containsExactly(Outcome.confirmed());
  }

  @Test
  void should_close_in_bounded_time_when_a_large_move_hangs_trap_21() throws Exception {
    moves.move(List.of(move("connects")));
    proxy.stall(Direction.TO_BROKER);
    CompletableFuture<Outcome> hanging =
        elsewhere(() -> moves.move(queue, new BasicProperties(), THIRTY_MEBIBYTES));
    await().until(() -> isWriting("elsewhere"));

    assertThat(timed(moves::close)).isLessThan(Duration.ofSeconds(2).plus(GRACE));
    assertThat(hanging.get(60, TimeUnit.SECONDS).status()).isEqualTo(Status.UNKNOWN);
  }
}
