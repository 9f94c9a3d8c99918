package main

import (
	"strings"
	"testing"
)

const (
	passing = `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":0.5}
`
	skipping = `{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:3: needs the roster\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
`
	failing = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:4: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p"}
`
	unbuildable = `{"ImportPath":"q","Action":"build-output","Output":"q.go:1: undefined: x\n"}
{"Action":"fail","Package":"q"}
`
)

func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		strict bool
		well   bool
		says   string
	}{
		"all pass":            {in: passing, strict: true, well: true, says: "1 tests passed, 0 failed, 0 skipped; 1 packages are well, 0 are not."},
		"a skip at home":      {in: passing + skipping, well: true, says: "needs the roster"},
		"a skip in CI":        {in: passing + skipping, strict: true, says: "no test may be skipped"},
		"a failure":           {in: passing + failing, says: "got 1, want 2"},
		"a broken package":    {in: passing + unbuildable, says: "undefined: x"},
		"nothing ran":         {in: "", says: "No test ran"},
		"words of go itself":  {in: passing + "go: no such tool\n", well: true, says: "go: no such tool"},
		"a package of no use": {in: passing + `{"Action":"skip","Package":"r"}`, strict: true, well: true, says: "0 skipped; 1 packages are well"},
	} {
		var out strings.Builder
		if well := report(strings.NewReader(c.in), &out, c.strict); well != c.well {
			t.Errorf("%s: all is well = %v", name, well)
		}
		if !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: says %q, want %q in it", name, out.String(), c.says)
		}
		if strings.Contains(out.String(), "chatter") {
			t.Errorf("%s: repeats what a passing test wrote", name)
		}
	}
}
