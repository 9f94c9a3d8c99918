// Command report reads go test -json and tells people what they need: one line
// a package, the output of what failed, the names of what was skipped, and a
// last line with the sum. It fails when a test failed and, under CI=true, when
// one was skipped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if !report(os.Stdin, os.Stdout, os.Getenv("CI") == "true") {
		os.Exit(1)
	}
}

// event is one line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// report returns whether all is well.
func report(in io.Reader, out io.Writer, strict bool) bool {
	var passed, failed, packages, broken int // broken packages: a test failed, or nothing could run
	var skipped []string
	output := map[string][]string{} // what a test or package said so far
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			output[name] = append(output[name], e.Output)
			continue
		case "build-output":
			fmt.Fprint(out, e.Output)
			continue
		case "fail":
			if e.Test != "" {
				failed++
			} else {
				broken++
			}
			fmt.Fprint(out, strings.Join(output[name], ""))
		case "skip":
			if e.Test != "" {
				skipped = append(skipped, name+"\n"+said(output[name]))
			}
		case "pass":
			if e.Test != "" {
				passed++
			} else {
				packages++
				fmt.Fprintf(out, "ok   %6.1fs  %s\n", e.Elapsed, e.Package)
			}
		default:
			continue
		}
		delete(output, name)
	}
	if len(skipped) > 0 {
		fmt.Fprintf(out, "\nSkipped:\n%s", strings.Join(skipped, ""))
	}
	fmt.Fprintf(out, "\n%d tests passed, %d failed, %d skipped; %d packages are well, %d are not.\n",
		passed, failed, len(skipped), packages, broken)
	switch {
	case lines.Err() != nil:
		fmt.Fprintln(out, "The tests' output could not be read:", lines.Err())
	case passed == 0:
		fmt.Fprintln(out, "No test ran.")
	case strict && len(skipped) > 0:
		fmt.Fprintln(out, "Under CI=true no test may be skipped.")
	default:
		return failed+broken == 0
	}
	return false
}

// said is what a test itself wrote, without the frame of go test.
func said(output []string) string {
	var own strings.Builder
	for _, line := range output {
		if !strings.HasPrefix(line, "===") && !strings.HasPrefix(strings.TrimSpace(line), "---") {
			own.WriteString(line)
		}
	}
	return own.String()
}
