package diagnosisdb_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// coded runs a diagnosis in which everybody answers, and those who have a code type it in.
func (w *world) coded(t *testing.T, answer func(person int) int, codes map[string]string) string {
	t.Helper()
	ctx := context.Background()
	d := w.draft(t)
	d.RosterDay = "2026-03-02"
	d.Opens, d.Closes, d.Attributes = w.now.AddDate(0, 0, -1), w.now.AddDate(0, 0, 9), nil
	if err := w.Change(ctx, w.organisation, d); err != nil {
		t.Fatal(err)
	}
	if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	var links []diagnosisdb.PersonalLink
	if err := w.Links(ctx, w.organisation, d.ID, func(l diagnosisdb.PersonalLink) error { links = append(links, l); return nil }); err != nil {
		t.Fatal(err)
	}
	for i, l := range links {
		q, err := w.Questionnaire(ctx, l.Secret)
		if err != nil || !q.Linkable {
			t.Fatalf("%v, %v", q.Linkable, err)
		}
		if err := w.SubmitTo(ctx, q, l.Secret, given(t, answer(i)), codes[l.Key]); err != nil {
			t.Fatal(err)
		}
	}
	attackLinkage(t, w.Store.DB, codes)
	if err := w.Close(ctx, w.organisation, d.ID, org.By{Name: "Ada"}, nil); err != nil {
		t.Fatal(err)
	}
	attackLinkage(t, w.Store.DB, codes)
	return d.ID
}

// attackLinkage looks for what joins answers of two diagnoses: a value that stands in two
// answers, or a code, in the database alone.
func attackLinkage(t *testing.T, d *db.DB, codes map[string]string) {
	t.Helper()
	for _, seen := range linkages(t, d) {
		for code := range seen {
			for _, c := range codes {
				if strings.Contains(code, c) || strings.Contains(code, secret.Hash("c", c)) {
					t.Fatal("the database holds a code")
				}
			}
		}
	}
}

// linkages lists, by diagnosis, the values by which answers could be linked. One that stands
// twice anywhere fails the test.
func linkages(t *testing.T, d *db.DB) map[string]map[string]bool {
	t.Helper()
	all, twice := map[string]map[string]bool{}, map[string]bool{}
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		_, err := db.All(context.Background(), tx, func(row db.Scanner) (struct{}, error) {
			var diagnosisID, link, earlier string
			err := row.Scan(&diagnosisID, &link, &earlier)
			if all[diagnosisID] == nil {
				all[diagnosisID] = map[string]bool{}
			}
			for _, v := range []string{link, earlier} {
				if v != "" && twice[v] {
					t.Fatalf("two answers share %q", v)
				}
				twice[v] = true
				if v != "" {
					all[diagnosisID][v] = true
				}
			}
			return struct{}{}, err
		}, `SELECT diagnosis_id, link, earlier FROM diagnosis_response`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhoKeptACodeIsComparedWithThemselves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		then, now := func(i int) int { return 4 + i%2 }, func(i int) int { return 6 + i/2%2 }
		var others [][]string // ten more of North, who keep no code
		for i := range 10 {
			others = append(others, []string{fmt.Sprintf("F%d", i), "Further", "All/North", "employee", ""})
		}
		roster(t, w.Org, w.organisation, "2026-03-02", others...)
		codes := map[string]string{}
		for unit, people := range map[string]int{"Head office": 10, "North": 12, "South": 12} { // not East, with 6
			for i := range people {
				codes[fmt.Sprintf("All/%s-%d", unit, i)] = secret.NewCode()
			}
		}
		first := w.coded(t, then, codes)
		if p, err := w.Report(ctx, w.organisation, first); err != nil || p.Report.Linked != nil {
			t.Errorf("the first is linked with %+v, %v", p.Report.Linked, err)
		}
		if kept := linkages(t, w.Store.DB)[first]; len(kept) != 50 {
			t.Errorf("%d links are kept for the next diagnosis", len(kept))
		}
		w.now = w.now.AddDate(0, 18, 0)
		second := w.coded(t, now, codes)
		p, err := w.Report(ctx, w.organisation, second)
		if err != nil {
			t.Fatal(err)
		}
		l := p.Report.Linked
		if l == nil || l.Since != first || l.People != 30 {
			t.Fatalf("%+v", l)
		}
		if c := l.Factors[0]; c.Movement != diagnosis.Up || *c.Diff < 1.8 || *c.Diff > 2.2 {
			t.Errorf("%+v, %v", c, *c.Diff)
		}
		left := linkages(t, w.Store.DB)
		if len(left[first]) > 0 || len(left[second]) != 50 {
			t.Errorf("after closing %d links of the first and %d values of the second are left", len(left[first]), len(left[second]))
		}
		files, err := os.ReadDir(w.Keys.Folder)
		if err != nil || len(files) != 1 || !strings.HasPrefix(files[0].Name(), "link-") {
			t.Errorf("the key folder holds %v, %v", files, err)
		}
		// Without the key nothing is linked, and answering goes on.
		if err := w.Keys.Destroy("link-" + w.organisation); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 18, 0)
		third := w.coded(t, now, codes)
		if p, err := w.Report(ctx, w.organisation, third); err != nil || p.Report.Linked != nil {
			t.Errorf("without the key: %+v, %v", p.Report.Linked, err)
		}
		if d, err := w.Diagnosis(ctx, w.organisation, third); err != nil || d.Predecessor != second {
			t.Errorf("before the third came %q, %v", d.Predecessor, err)
		}
	})
}
