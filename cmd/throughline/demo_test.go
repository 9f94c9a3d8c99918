package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestADemoThatWasStoppedIsMadeAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "demo.db")
	c := demoCmd{DB: file, Size: 400}
	var i installation
	i.DB = file
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if err := c.make(ctx, i); err == nil {
		t.Fatal("it was made before it could be stopped")
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("what was stopped passes for the whole: %v", err)
	}
	if err := c.make(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(file + "*")
	if err != nil || len(left) != 2 || strings.Contains(strings.Join(left, " "), ".making") {
		t.Errorf("%v lie there, %v", left, err)
	}
	if _, err := os.Stat(file + ".keys"); err != nil {
		t.Error(err)
	}
}
