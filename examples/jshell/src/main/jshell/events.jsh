// Makes a JShell one that collects events. Run by examples/run jshell, or, once that has built the jar:
//   jshell --feedback concise --class-path examples/jshell/target/app.jar examples/jshell/src/main/jshell/events.jsh
import dev.eventcollector.*;
import dev.eventcollector.rabbitmq.*;
import dev.eventcollector.testkit.broker.*;
import dev.eventcollector.examples.jshell.Console;
Console console = Console.open(System.getenv(), System.out);
EventCollector events = console.events();
Broker broker = console.broker();
console.greet();
