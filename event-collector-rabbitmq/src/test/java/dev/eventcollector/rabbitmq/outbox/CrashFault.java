package dev.eventcollector.rabbitmq.outbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Faults of processes, servers and connections. */
enum CrashFault {
  PROCESS_KILLED(true),
  PROCESS_FROZEN(false),
  RABBITMQ_KILLED(true),
  RABBITMQ_CUT(false),
  RABBITMQ_STALLED(false),
  RABBITMQ_STALLED_PROCESS_KILLED(true),
  DATABASE_KILLED(true),
  DATABASE_CUT(false),
  DATABASE_STALLED(false),
  DATABASE_STALLED_PROCESS_KILLED(true);

  private static final int KILLS_A_ROUND = 20;

  /** Whether a business process is killed, alone or while something else is away. */
  final boolean kills;

  CrashFault(boolean kills) {
    this.kills = kills;
  }

  /** So many kills: rounds of each fault, with further kills among them, in random order. */
  static List<CrashFault> schedule(int kills, Random random) {
    List<CrashFault> schedule = new ArrayList<>();
    for (int left = kills; left > 0; ) {
      List<CrashFault> round = new ArrayList<>(List.of(values()));
      int ofThisRound = left < 2 * KILLS_A_ROUND ? left : KILLS_A_ROUND;
      while (kills(round) < ofThisRound) {
        round.add(PROCESS_KILLED);
      }
      Collections.shuffle(round, random);
      schedule.addAll(round);
      left -= kills(round);
    }
    return schedule;
  }

  private static int kills(List<CrashFault> faults) {
    return (int) faults.stream().filter(fault -> fault.kills).count();
  }
}
