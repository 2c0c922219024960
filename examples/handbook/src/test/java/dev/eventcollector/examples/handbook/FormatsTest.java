package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.eventcollector.Event;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** The formats of docs/messages.md. */
class FormatsTest {

  private static Event enqueued(PayloadEncoder encoder, Object payload) {
    try (var events = InMemoryEventCollector.builder().encoder(encoder).build()) {
      return enqueued(events, payload, EventOptions.defaults());
    }
  }

  private static Event enqueued(EventCustomizer customizer, Object payload, EventOptions options) {
    try (var events =
        InMemoryEventCollector.builder().settings(all -> all.customizer(customizer)).build()) {
      return enqueued(events, payload, options);
    }
  }

  private static Event enqueued(
      InMemoryEventCollector events, Object payload, EventOptions options) {
    events.enqueueEvent(payload, "orders", options);
    events.publish();
    return events.published().toList().get(0).event();
  }

  /** As the handler gets it. */
  private static Delivery delivered(Event event) {
    return new Delivery(
        event.queue(), event.id(), event.body(), event.contentType(), event.headers(), 1, false);
  }

  @Test
  void should_be_read_as_it_was_written_when_it_is_json() throws Exception {
    // tag::jackson-2
    var jackson2 = new com.fasterxml.jackson.databind.ObjectMapper();
    PayloadEncoder byJackson2 = PayloadEncoder.json(jackson2::writeValueAsBytes);
    // end::jackson-2
    // tag::jackson-3
    var jackson3 = new tools.jackson.databind.ObjectMapper();
    PayloadEncoder byJackson3 = PayloadEncoder.json(jackson3::writeValueAsBytes);
    // end::jackson-3
    // tag::gson
    var gson = new Gson();
    PayloadEncoder byGson = PayloadEncoder.json(payload -> gson.toJson(payload).getBytes(UTF_8));
    // end::gson
    var order = new OrderPlaced(42);

    for (PayloadEncoder encoder : new PayloadEncoder[] {byJackson2, byJackson3, byGson}) {
      Event event = enqueued(encoder, order);
      Delivery delivery = delivered(event);

      assertThat(event.contentType()).isEqualTo("application/json");
      assertThat(jackson2.readValue(delivery.body(), OrderPlaced.class)).isEqualTo(order);
      assertThat(jackson3.readValue(delivery.body(), OrderPlaced.class)).isEqualTo(order);
      assertThat(gson.fromJson(delivery.bodyAsText(), OrderPlaced.class)).isEqualTo(order);
    }
  }

  @Test
  void should_be_read_as_it_was_written_when_it_is_protobuf() throws Exception {
    // tag::protobuf
    PayloadEncoder encoder =
        payload ->
            payload instanceof MessageLite message
                ? new PayloadEncoder.Encoded(message.toByteArray(), "application/x-protobuf")
                : PayloadEncoder.bytesAndText().encode(payload);
    // end::protobuf
    Struct order =
        Struct.newBuilder().putFields("id", Value.newBuilder().setNumberValue(42).build()).build();

    Event event = enqueued(encoder, order);

    assertThat(event.contentType()).isEqualTo("application/x-protobuf");
    assertThat(Struct.parseFrom(delivered(event).body())).isEqualTo(order);
    assertThat(enqueued(encoder, "text").contentType()).startsWith("text/plain");
  }

  @Test
  void should_be_read_as_it_was_written_when_it_is_avro() throws Exception {
    Schema schema = SchemaBuilder.record("Order").fields().requiredInt("id").endRecord();
    // tag::avro
    PayloadEncoder encoder =
        payload -> {
          GenericRecord one = (GenericRecord) payload; // or a generated SpecificRecord
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
          new GenericDatumWriter<GenericRecord>(one.getSchema()).write(one, out);
          out.flush();
          return new PayloadEncoder.Encoded(bytes.toByteArray(), "application/avro");
        };
    // end::avro
    GenericRecord order = new GenericData.Record(schema);
    order.put("id", 42);

    Event event = enqueued(encoder, order);

    assertThat(event.contentType()).isEqualTo("application/avro");
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(delivered(event).body(), null));
    assertThat(read).isEqualTo(order);
  }

  @Test
  void should_carry_the_context_in_headers_when_it_is_a_cloud_event() {
    // tag::cloudevents
    EventCustomizer cloudEvents =
        (payload, queue, options) -> {
          String id = options.id() == null ? UUID.randomUUID().toString() : options.id();
          String type = options.properties().type() == null ? queue : options.properties().type();
          return options
              .withId(id)
              .withHeader("cloudEvents:specversion", "1.0")
              .withHeader("cloudEvents:id", id)
              .withHeader("cloudEvents:source", "/shop")
              .withHeader("cloudEvents:type", type)
              .withHeader("cloudEvents:time", Instant.now().toString());
        };
    // end::cloudevents

    Event event = enqueued(cloudEvents, "{\"id\": 42}", EventOptions.type("order.placed"));

    Delivery delivery = delivered(event);
    assertThat(delivery.header("cloudEvents:specversion")).isEqualTo("1.0");
    assertThat(delivery.header("cloudEvents:id")).isEqualTo(delivery.messageId());
    assertThat(delivery.header("cloudEvents:source")).isEqualTo("/shop");
    assertThat(delivery.header("cloudEvents:type")).isEqualTo("order.placed");
    assertThat(Instant.parse(delivery.header("cloudEvents:time"))).isBeforeOrEqualTo(Instant.now());
    assertThat(enqueued(cloudEvents, "a", EventOptions.id("mine")).headers())
        .containsEntry("cloudEvents:id", "mine");
  }

  @Test
  void should_be_read_by_its_schema_version_when_there_are_several() {
    // tag::schema-version
    EventCustomizer versioned =
        (payload, queue, options) -> options.withHeader("schema-version", 2);
    // end::schema-version

    Event event = enqueued(versioned, "2|42|acme", EventOptions.defaults());

    assertThat(order(delivered(event))).isEqualTo(new OrderPlaced(42, "acme"));
    assertThat(
            order(
                new Delivery(
                    "orders", "1", "42".getBytes(UTF_8), "text/plain", Map.of(), 1, false)))
        .isEqualTo(new OrderPlaced(42));
  }

  // tag::read-version
  static OrderPlaced order(Delivery delivery) {
    String version = delivery.header("schema-version");
    String body = delivery.bodyAsText();
    return switch (version == null ? "1" : version) {
      case "1" -> new OrderPlaced(Integer.parseInt(body));
      case "2" -> new OrderPlaced(Integer.parseInt(body.split("\\|")[1]), body.split("\\|")[2]);
      default -> throw new IllegalArgumentException("schema version " + version); // to be parked
    };
  }
  // end::read-version
}
