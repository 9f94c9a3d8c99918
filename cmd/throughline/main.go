// Throughline runs the cycle by which an organisation becomes, and proves that
// it has become, a high-performance learning organisation.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"throughline/internal/kit/fault"

	"github.com/alecthomas/kong"
)

func main() { os.Exit(run(os.Args[1:])) }

// run returns the exit status: 0 done, 1 a mistake of the caller or an error of
// ours, 2 words that are no command.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	k, err := parser(ctx, &c).Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "throughline:", err)
		var wrong *kong.ParseError
		if errors.As(err, &wrong) {
			fmt.Fprintln(os.Stderr, "See 'throughline --help'.")
		}
		return 2
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel})))
	if err := k.Run(); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "throughline: stopped before it was done")
		} else if fault.Of(err) != nil {
			fmt.Fprintln(os.Stderr, "throughline:", err)
		} else {
			fmt.Fprintln(os.Stderr, "throughline: internal error:", err)
		}
		return 1
	}
	return 0
}

// parser reads command lines into c.
func parser(ctx context.Context, c *commands) *kong.Kong {
	return kong.Must(c,
		kong.Name("throughline"),
		kong.Description("From diagnosis to proof: the cycle of a high-performance learning organisation."),
		kong.DefaultEnvars("THROUGHLINE"),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
}
