package dev.eventcollector.servlet;

import java.nio.file.Path;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;

final class TomcatFilterTest extends FilterSuite implements WebXmlContract {

  TomcatFilterTest() {
    super(TomcatContainer::new);
  }

  @Override
  public Container.Deployment deployDirectory(String contextPath, Path directory) throws Exception {
    StandardContext context = new StandardContext();
    context.setName(contextPath);
    context.setPath(contextPath);
    context.setDocBase(directory.toString());
    context.setParentClassLoader(TomcatFilterTest.class.getClassLoader());
    context.addLifecycleListener(new ContextConfig());
    return ((TomcatContainer) container(Threads.PLATFORM)).deploy(context);
  }
}
