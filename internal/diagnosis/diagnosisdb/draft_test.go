package diagnosisdb_test

import (
	"context"
	"maps"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

func drafts(t *testing.T, d *db.DB) (sealed [][]byte) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		sealed, err = db.All(context.Background(), tx, db.Value[[]byte], `SELECT sealed FROM diagnosis_draft`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestADraftIsResumedWithItsLinkAndGoneWhenSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		some := given(t, 7)
		for item := range some {
			if len(some) > 12 {
				delete(some, item)
			}
		}
		if err := w.SaveDraft(ctx, secrets[0], map[string]string{"trust": "1"}); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveDraft(ctx, secrets[0], some); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveDraft(ctx, secrets[1], given(t, 3)); err != nil {
			t.Fatal(err)
		}
		q, err := w.Questionnaire(ctx, secrets[0])
		if err != nil || q.Answered || !maps.Equal(q.Given, some) {
			t.Fatalf("resumed with %v, %v", q.Given, err)
		}
		sealed := drafts(t, w.DB)
		if len(sealed) != 2 || len(sealed[0]) != len(sealed[1]) {
			t.Errorf("%d drafts; their lengths tell how much is answered", len(sealed))
		}
		if r, err := w.Response(ctx, w.organisation, id); err != nil || r.Groups[0].Answered != 0 {
			t.Errorf("drafts count as %d answers, %v", r.Groups[0].Answered, err)
		}
		if err := w.Submit(ctx, secrets[0], given(t, 7)); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveDraft(ctx, secrets[0], some); fault.KindOf(err) != fault.Conflict {
			t.Errorf("saving after sending: %v", err)
		}
		if err := w.SaveDraft(ctx, "nosuchlink", some); fault.KindOf(err) != fault.NotFound {
			t.Errorf("saving with a link that is none: %v", err)
		}
		if n := len(drafts(t, w.DB)); n != 1 {
			t.Errorf("%d drafts after one was sent", n)
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		if n := len(drafts(t, w.DB)); n != 0 {
			t.Errorf("%d drafts after closing", n)
		}
		if err := w.SaveDraft(ctx, secrets[1], some); fault.KindOf(err) != fault.Conflict {
			t.Errorf("saving after closing: %v", err)
		}
	})
}
