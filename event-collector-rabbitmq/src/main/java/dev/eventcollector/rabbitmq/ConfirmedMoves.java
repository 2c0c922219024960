package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stand-in. */
final class ConfirmedMoves {

  private final ConfirmedMove move;

  ConfirmedMoves(Connector connector, String purpose) {
    move = new ConfirmedMove(connector, purpose);
  }

  List<Outcome> move(List<Move> moves) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Move one : moves) {
      try {
        move.move(one.queue(), one.properties(), one.body());
        outcomes.add(Outcome.confirmed());
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        outcomes.add(
            reason.contains("no queue") ? Outcome.returned(reason) : Outcome.unknown(reason));
      }
    }
    return outcomes;
  }

  void close() {
    move.close();
  }
}
