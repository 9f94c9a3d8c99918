package learningdb_test

import (
	"context"
	"testing"

	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
)

// A file that tells only what competencies are called leaves what else is known of them.
func TestAFileOfRequirementsKeepsWhatCompetenciesMean(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		items := []learning.CatalogueItem{{Line: 2, Key: "2.A", Name: "Skills"}, {Line: 3, Key: "2.A.1", Name: "Reading", Note: "Understanding sentences", Parent: "2.A"}}
		c := learningdb.Catalogue{By: "Ada"}
		c.Framework, c.Items = learning.Framework{Name: "O*NET", Levels: []learning.Level{{Name: "low"}, {Name: "high"}}}, items
		w.imports(t, c)
		c.Items = []learning.CatalogueItem{{Line: 2, Key: "2.A.1", Name: "Reading", Again: true}}
		if came := w.imports(t, c); came.Same != 1 || came.Changed != 0 {
			t.Errorf("%+v", came)
		}
		found, err := w.Find(context.Background(), w.organisation, "", "2.A.1")
		if err != nil || found.Note != "Understanding sentences" || found.Parent == "" {
			t.Errorf("%+v, %v", found, err)
		}
		if found, err = w.Find(context.Background(), w.organisation, "", "2.A"); err != nil || found.Name != "Skills" {
			t.Errorf("by a key with which others begin: %+v, %v", found, err)
		}
	})
}
