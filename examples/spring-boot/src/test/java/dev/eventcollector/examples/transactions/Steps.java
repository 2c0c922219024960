package dev.eventcollector.examples.transactions;

import java.util.concurrent.Callable;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A method for each kind of transaction. */
class Steps {

  @Transactional
  public void required(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  public void requiresNew(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.NESTED)
  public void nested(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.SUPPORTS)
  public void supports(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.NOT_SUPPORTED)
  public void notSupported(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void mandatory(Runnable work) {
    work.run();
  }

  @Transactional(propagation = Propagation.NEVER)
  public void never(Runnable work) {
    work.run();
  }

  @Transactional(noRollbackFor = IllegalStateException.class)
  public void lenient(Runnable work) {
    work.run();
  }

  @Transactional
  public void checked(Callable<?> work) throws Exception {
    work.call();
  }

  @Transactional(rollbackFor = Exception.class)
  public void strict(Callable<?> work) throws Exception {
    work.call();
  }

  @Transactional(timeout = 1)
  public void limited(Runnable work) {
    work.run();
  }

  @Transactional(readOnly = true)
  public void readOnly(Runnable work) {
    work.run();
  }
}
