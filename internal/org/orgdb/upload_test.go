package orgdb_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/org/orgdb"

	"github.com/google/go-cmp/cmp"
)

func TestAnUploadIsReadBackToTheByteUntilItHasWaitedADay(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		other := newRoster(t.T, t.DB, "other")
		var files []orgdb.UploadFile
		bodies := [][]byte{[]byte("a,b\n"), bytes.Repeat([]byte("x\x00y"), 1<<20), bytes.Repeat([]byte{7}, 1<<20)}
		for i, b := range bodies {
			files = append(files, orgdb.UploadFile{Name: string(rune('a' + i)), Body: io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))})
		}
		upload, err := t.SaveUpload(t.Context(), t.organisation, orgdb.Upload{Day: "2026-01-01", By: "Ann", Files: files})
		if err != nil {
			t.Fatal(err)
		}
		if err := t.MapUpload(t.Context(), t.organisation, upload, "2026-02-01", staff); err != nil {
			t.Fatal(err)
		}
		got, err := t.Upload(t.Context(), t.organisation, upload)
		want := orgdb.Upload{ID: upload, Day: "2026-02-01", By: "Ann", Map: staff, Files: []orgdb.UploadFile{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
		if err != nil || !cmp.Equal(got, want) {
			t.Fatalf("%v %s", err, cmp.Diff(want, got))
		}
		for i, want := range bodies {
			var b bytes.Buffer
			if err := t.CopyUpload(t.Context(), t.organisation, upload, i, &b); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("file %d: %d bytes of %d, %v", i, b.Len(), len(want), err)
			}
		}
		if _, err := other.Upload(t.Context(), other.organisation, upload); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another organisation's upload: %v", err)
		}
		// Of another organisation there is nothing to map and nothing to read.
		var nothing bytes.Buffer
		mapped := other.MapUpload(t.Context(), other.organisation, upload, "2026-03-01", staff)
		copied := other.CopyUpload(t.Context(), other.organisation, upload, 0, &nothing)
		if still, err := t.Upload(t.Context(), t.organisation, upload); err != nil || still.Day != "2026-02-01" || nothing.Len() > 0 {
			t.Errorf("another organisation mapped (%v) or read (%v, %d bytes) this one's upload: %+v, %v", mapped, copied, nothing.Len(), still, err)
		}
		if err := other.DeleteUpload(t.Context(), other.organisation, upload); err != nil {
			t.Fatal(err)
		}
		late := t.Store
		late.Now = func() time.Time { return t.Now().Add(orgdb.UploadLives + time.Second) }
		if _, err := late.Upload(t.Context(), t.organisation, upload); fault.KindOf(err) != fault.NotFound {
			t.Errorf("after a day: %v", err)
		}
		if _, err := t.Upload(t.Context(), t.organisation, upload); err != nil {
			t.Errorf("before it is forgotten: %v", err)
		}
		if err := late.ForgetUploads(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := t.Upload(t.Context(), t.organisation, upload); fault.KindOf(err) != fault.NotFound {
			t.Errorf("forgotten: %v", err)
		}
		var b bytes.Buffer
		if err := t.CopyUpload(t.Context(), t.organisation, upload, 1, &b); err != nil || b.Len() > 0 {
			t.Errorf("%d bytes are left, %v", b.Len(), err)
		}
	})
}
