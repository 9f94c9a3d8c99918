package web

import (
	"io"
	"strings"
	"testing"

	"throughline/internal/kit/sheet"
)

func TestEveryNameMakesASheet(t *testing.T) {
	for _, name := range []string{"Level", "'q'", "''", "", " a ", "a/b:c?*[d]\\", strings.Repeat("é", 40), strings.Repeat("\U0001F600", 20), strings.Repeat("a", 30) + "'b", strings.Repeat("\U0001F600", 15) + "'"} {
		w, err := sheet.NewWriter(io.Discard, sheet.XLSX, sheet.WriteOptions{Sheet: SheetName(name)}, "A")
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Errorf("%q becomes %q: %v", name, SheetName(name), err)
		}
	}
}
