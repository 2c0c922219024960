package dev.eventcollector.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** CPU time and allocation of this process, since its start. */
record Usage(long cpuNanos, long allocatedBytes) {

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private static final com.sun.management.ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /**
   * What every thread was last seen to have allocated, so that one that ends takes nothing away.
   */
  private static final Map<Long, Long> ALLOCATED = new HashMap<>();

  /** What a thread allocated that lived only between two calls is not seen. */
  static synchronized Usage now() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      ALLOCATED.merge(ids[i], bytes[i], Math::max);
    }
    long allocated = ALLOCATED.values().stream().mapToLong(Long::longValue).sum();
    return new Usage(SYSTEM.getProcessCpuTime(), allocated);
  }

  Usage minus(Usage before) {
    return new Usage(cpuNanos - before.cpuNanos, allocatedBytes - before.allocatedBytes);
  }
}
