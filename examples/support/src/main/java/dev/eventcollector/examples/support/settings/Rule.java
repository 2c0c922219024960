package dev.eventcollector.examples.support.settings;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the value of a setting. Subclasses throw an {@link IllegalArgumentException} whose message
 * gives the value, unless it may be a secret, and the rule: {@code '0' must be a whole number from
 * 1 to 100}. The name of the setting is put before it.
 *
 * @param <T> the type of the setting
 */
public abstract class Rule<T> implements ITypeConverter<T> {

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException when the value breaks the rule
   */
  protected abstract T read(String value);

  @Override
  public final T convert(String value) {
    try {
      return read(value);
    } catch (IllegalArgumentException e) {
      TypeConversionException broken = new TypeConversionException(e.getMessage());
      broken.initCause(e);
      throw broken;
    }
  }
}
