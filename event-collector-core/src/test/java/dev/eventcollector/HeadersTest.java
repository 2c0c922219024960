package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An event is what it was when it was enqueued. */
class HeadersTest {

  private static Event event(Map<String, Object> headers) {
    return new Event("id", "q", new byte[0], null, headers);
  }

  private static Map<String, Object> headers(Object value) {
    return new HashMap<>(Map.of("h", value));
  }

  @Test
  void should_keep_its_value_when_nested_containers_change_trap_23() {
    List<Object> list = new ArrayList<>(List.of("a"));
    Map<String, Object> map = new HashMap<>(Map.of("list", list));
    Object[] array = {map, "x"};
    byte[] bytes = {1};
    int[] numbers = {1};
    Date date = new Date(5);
    Map<String, Object> given = new HashMap<>();
    given.put("array", array);
    given.put("bytes", bytes);
    given.put("numbers", numbers);
    given.put("date", date);
    Event event = event(EventOptions.defaults().withHeader("first", map).headers());
    Event other = event(given);

    list.add("b");
    map.put("more", 1);
    array[1] = "y";
    bytes[0] = 2;
    numbers[0] = 2;
    date.setTime(6);
    given.put("late", 1);

    Map<String, Object> before = Map.of("list", List.of("a"));
    assertThat(event.headers()).isEqualTo(Map.of("first", before));
    assertThat(other.headers()).containsOnlyKeys("array", "bytes", "numbers", "date");
    assertThat((Object[]) other.headers().get("array")).containsExactly(before, "x");
    assertThat((byte[]) other.headers().get("bytes")).containsExactly(1);
    assertThat((int[]) other.headers().get("numbers")).containsExactly(1);
    assertThat(other.headers().get("date")).isEqualTo(new Date(5));
  }

  @Test
  void should_reckon_all_that_is_nested_trap_23() {
    long plain = event(Map.of()).sizeInMemory();

    assertThat(event(headers(List.of("s".repeat(100_000)))).sizeInMemory() - plain)
        .isBetween(200_000L, 201_000L);
    assertThat(event(headers(Map.of("k".repeat(1_000), new byte[5_000]))).sizeInMemory() - plain)
        .isBetween(7_000L, 8_000L);
    assertThat(event(headers(new String[] {"s".repeat(1_000)})).sizeInMemory() - plain)
        .isBetween(2_000L, 3_000L);
    assertThat(event(headers(new long[1_000])).sizeInMemory() - plain).isBetween(8_000L, 9_000L);
    assertThat(event(headers(BigInteger.ONE.shiftLeft(80_000))).sizeInMemory() - plain)
        .isBetween(10_000L, 11_000L);
  }

  @Test
  void should_refuse_a_container_that_contains_itself_trap_23() {
    List<Object> list = new ArrayList<>();
    list.add(new Object[] {Map.of("list", list)});
    Map<String, Object> map = new HashMap<>();
    map.put("map", map);
    Object[] array = new Object[1];
    array[0] = array;

    for (Object value : List.of(list, map, (Object) array)) {
      assertThatExceptionOfType(InvalidEventException.class)
          .isThrownBy(() -> event(headers(value)))
          .withMessageContaining("the header")
          .withMessageContaining("contains itself");
      assertThatExceptionOfType(InvalidEventException.class)
          .isThrownBy(() -> EventOptions.header("h", value));
    }
    assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> event(map));
  }

  @Test
  void should_take_headers_nested_as_deep_as_a_client_reads_and_no_deeper_trap_23() {
    Object deepest = "bottom";
    for (int i = 0; i < 32; i++) {
      deepest = List.of(deepest);
    }
    Object accepted = deepest;

    assertThat(event(headers(accepted)).headers()).containsEntry("h", accepted);
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> event(headers(List.of(accepted))));
  }

  @Test
  void should_refuse_headers_that_are_nested_too_deep_or_have_too_many_values_trap_23() {
    Object deep = "bottom";
    for (int i = 0; i < 10_000; i++) {
      deep = List.of(deep);
    }
    Object shared = "bottom";
    for (int i = 0; i < 25; i++) {
      shared = List.of(shared, shared);
    }
    Object tooDeep = deep;
    Object tooMany = shared;

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> event(headers(tooDeep)))
        .withMessage("the header h is nested deeper than 32 levels");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> event(headers(tooMany)))
        .withMessageContaining("values");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> event(headers(Map.of(1, "one"))))
        .withMessageContaining("a key that is no string");
  }

  @Test
  void should_take_the_same_list_twice_when_it_does_not_contain_itself() {
    List<String> list = List.of("a");

    assertThat(event(headers(List.of(list, list))).headers().get("h"))
        .isEqualTo(List.of(list, list));
  }

  @Test
  void should_be_equal_when_arrays_in_headers_have_the_same_content() {
    assertThat(event(headers(List.of(new byte[] {1}))))
        .isEqualTo(event(headers(List.of(new byte[] {1}))));
    assertThat(event(headers(new byte[] {1}))).isNotEqualTo(event(headers(new byte[] {2})));
  }
}
