package example.greeting;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Keeps a guest list and greets everybody on it. */
public final class Hello {
    private final List<String> guests = new ArrayList<>();

    public void invite(String name) {
        guests.add(Objects.requireNonNull(name, "name"));
    }

    public List<String> greetings() {
        List<String> lines = new ArrayList<>(guests.size());
        for (String guest : guests) {
            lines.add(String.format("Hello, %s!", guest));
        }
        return lines;
    }

    public static void main(String[] args) {
        Hello hello = new Hello();
        for (String name : args) {
            hello.invite(name);
        }
        hello.greetings().forEach(System.out::println);
    }
}
