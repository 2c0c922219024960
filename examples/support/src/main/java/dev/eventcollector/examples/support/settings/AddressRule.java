package dev.eventcollector.examples.support.settings;

import java.util.Locale;

/**
 * An IP address or a host name. IPv6 addresses may be in brackets, as in a URL; the value has none.
 */
public final class AddressRule extends Rule<String> {

  @Override
  protected String read(String value) {
    boolean isBracketed = value.startsWith("[") && value.endsWith("]");
    String address = isBracketed ? value.substring(1, value.length() - 1) : value;
    if (!address.matches(isBracketed ? "[0-9A-Fa-f.:]+(%\\w+)?" : "[0-9A-Za-z.:_%-]+")) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' must be an IP address or a host name", value));
    }
    return address;
  }
}
