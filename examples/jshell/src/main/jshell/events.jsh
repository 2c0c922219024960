// Makes a JShell one that collects events. Run by examples/run jshell, or, once that has built the jar:
//   jshell --feedback concise --class-path examples/jshell/target/app.jar examples/jshell/src/main/jshell/events.jsh
import dev.eventcollector.*;
import dev.eventcollector.rabbitmq.*;
import dev.eventcollector.testkit.broker.*;
import dev.eventcollector.examples.jshell.Console;
import dev.eventcollector.examples.jshell.PromptCollector;
import java.util.List;
Console console = Console.open(System.getenv(), System.out);
PromptCollector events = console.events();
Broker broker = console.broker();
List<ReceivedMessage> received(String queue) { return console.received(queue); }
Console.Help help = console.help();
Console.Help help() { return help; }
console.greet();
