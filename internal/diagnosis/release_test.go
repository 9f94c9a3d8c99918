package diagnosis

import (
	"testing"

	"throughline/internal/org"
)

func TestAReportIsReleasedStepByStep(t *testing.T) {
	for i, r := range Releases {
		for j, role := range []org.Role{org.DiagnosisLead, org.Executive, org.Manager, org.Employee, org.PrivacyOfficer, org.Administrator} {
			if want := j <= i || i == 3; r.Lets(role) != want {
				t.Errorf("released to %q, the %s sees it: %v", r, role, !want)
			}
		}
		if err := r.Check(); err != nil {
			t.Error(err)
		}
	}
	if Release("all").Check() == nil {
		t.Error("there is no such release")
	}
}
