package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar returns what moves a progress bar on standard error; nil when nobody looks.
func bar(what string) func(done, total int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var b *progressbar.ProgressBar
	return func(done, total int) {
		if b == nil {
			b = progressbar.NewOptions(total, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		b.ChangeMax(total)
		b.Set(done)
	}
}

// counter is bar for work whose end is not known.
func counter(what string) func(done int) {
	if move := bar(what); move != nil {
		return func(done int) { move(done, -1) }
	}
	return nil
}
