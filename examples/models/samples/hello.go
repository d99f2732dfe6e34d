// Command hello greets everybody named on the command line.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
)

type greeter struct {
	mu    sync.Mutex
	count map[string]int
}

func (g *greeter) greet(name string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count[name]++
	if g.count[name] > 1 {
		return fmt.Sprintf("hello again, %s", name)
	}
	return "hello, " + name
}

func main() {
	loud := flag.Bool("loud", false, "shout")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "nobody to greet")
		os.Exit(2)
	}
	g := &greeter{count: make(map[string]int)}
	for _, name := range flag.Args() {
		text := g.greet(name)
		if *loud {
			text = strings.ToUpper(text)
		}
		fmt.Println(text)
	}
}
