"""Print a greeting for every guest, the early ones first."""
from dataclasses import dataclass, field
from typing import Iterable


@dataclass(order=True)
class Guest:
    hour: int
    name: str = field(compare=False)

    def greeting(self) -> str:
        if self.hour < 12:
            return f"Good morning, {self.name}!"
        return f"Good evening, {self.name}!"


def greet(guests: Iterable[Guest]) -> list[str]:
    return [guest.greeting() for guest in sorted(guests)]


def main() -> None:
    guests = [Guest(19, "Ada"), Guest(9, "Linus"), Guest(21, "Grace")]
    for line in greet(guests):
        print(line)


if __name__ == "__main__":
    main()
