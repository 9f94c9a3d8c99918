package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"throughline/internal/kit/sheet"
)

// table writes n rows of 20 columns: texts, whole numbers and decimals.
func table(tb testing.TB, w io.Writer, f sheet.Format, n int) {
	tb.Helper()
	headings := make([]string, 20)
	for i := range headings {
		headings[i] = fmt.Sprintf("Column %d", i+1)
	}
	out, err := sheet.NewWriter(w, f, sheet.WriteOptions{}, headings...)
	must(tb, err)
	cells := make([]any, 20)
	for row := range n {
		for i := range cells {
			switch i % 4 {
			case 0:
				cells[i] = fmt.Sprintf("person-%d@example.org", row*20+i)
			case 1:
				cells[i] = row * i
			case 2:
				cells[i] = float64(row) / 8
			default:
				cells[i] = "Unit, north"
			}
		}
		must(tb, out.Write(cells...))
	}
	must(tb, out.Close())
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkRead reads 100,000 rows of 20 columns and reports the most heap that
// was live meanwhile, without the file itself.
func BenchmarkRead(b *testing.B) {
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		for _, n := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", f, n), func(b *testing.B) {
				var file bytes.Buffer
				table(b, &file, f, n)
				data := bytes.Clone(file.Bytes())
				file = bytes.Buffer{}
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				var peak, before runtime.MemStats
				runtime.GC()
				runtime.GC() // pools are emptied by the second
				runtime.ReadMemStats(&before)
				most := uint64(0)
				for b.Loop() {
					r, err := sheet.Open(bytes.NewReader(data), "bench", sheet.Options{})
					must(b, err)
					rows := 0
					for _, err := range r.Rows() {
						must(b, err)
						if rows++; rows%(n/4) == 0 {
							runtime.GC()
							runtime.ReadMemStats(&peak)
							most = max(most, peak.HeapAlloc)
						}
					}
					if rows != n {
						b.Fatalf("%d rows", rows)
					}
				}
				b.ReportMetric(float64(int64(most)-int64(before.HeapAlloc))/(1<<20), "live-MB")
			})
		}
	}
}

// BenchmarkWrite writes 100,000 rows of 20 columns.
func BenchmarkWrite(b *testing.B) {
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table(b, io.Discard, f, 100_000)
			}
		})
	}
}
