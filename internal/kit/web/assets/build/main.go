// Command build bundles what the browser gets: it reads ../src and the packages
// of node_modules and writes ../dist, with hashed names and a manifest. It is
// run by go generate; the program itself never needs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// run expects the working directory to be the assets package, as go generate sets it.
func run() error {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules")); err != nil {
		return fmt.Errorf("%s has no node_modules; run npm ci there first", root)
	}
	files, err := bundle(root, "internal/kit/web/assets/src")
	if err != nil {
		return err
	}
	return replace("dist", files)
}
