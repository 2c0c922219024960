package dev.eventcollector.servlet;

import java.nio.file.Path;
import org.eclipse.jetty.ee10.webapp.WebAppContext;

final class JettyFilterTest extends FilterSuite implements WebXmlContract, ResetContract {

  JettyFilterTest() {
    super(JettyContainer::new);
  }

  @Override
  public Container.Deployment deployDirectory(String contextPath, Path directory) throws Exception {
    WebAppContext context = new WebAppContext();
    context.setContextPath(contextPath);
    context.setWar(directory.toString());
    return ((JettyContainer) container(Threads.PLATFORM)).deploy(context);
  }

  @Override
  public boolean talksAfterUpgrade() {
    return false;
  }
}
