package dev.eventcollector.benchmarks;

import java.lang.management.ManagementFactory;

/** CPU time and allocation of this process, since its start. */
record Usage(long cpuNanos, long allocatedBytes) {

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private static final com.sun.management.ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /** Allocation is that of the threads that live now, so ask while the publishing ones do. */
  static Usage now() {
    long allocated = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      allocated += Math.max(0, bytes);
    }
    return new Usage(SYSTEM.getProcessCpuTime(), allocated);
  }

  Usage minus(Usage before) {
    return new Usage(cpuNanos - before.cpuNanos, allocatedBytes - before.allocatedBytes);
  }
}
