package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {

  /**
   * A connection that recovered by itself would be one beside ours, with channels nobody tracks.
   */
  @Test
  void should_switch_the_clients_own_recovery_off_trap_3() {
    ConnectionFactory factory = new ConnectionFactory();

    new ConnectionSettings("name", Duration.ofSeconds(3), Duration.ofSeconds(10), null, null)
        .applyTo(factory);

    assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
    assertThat(factory.isTopologyRecoveryEnabled()).isFalse();
    assertThat(factory.getChannelRpcTimeout()).as("a short RPC timeout").isEqualTo(3_000);
  }
}
