package impactweb

import (
	"context"

	"throughline/internal/impact"
	"throughline/internal/kit/lang"
)

// profileText is what a measure of the profile is called, how it is reckoned, and where it comes from.
type profileText struct {
	Name, Says, Unit string
	Decimals         int
	Path             string // of the page where it comes from
	Parts            bool   // it is told with what it is of
}

// measureText describes a measure of the profile.
func measureText(ctx context.Context, m impact.PartMeasure) profileText {
	share := func(name, says, path string) profileText {
		return profileText{Name: name, Says: says, Unit: "%", Decimals: 1, Path: path, Parts: true}
	}
	switch m.Measure {
	case "people-with-plan":
		return share(lang.T(ctx, "People with an agreed plan"), lang.T(ctx, "people with something in their development plan that both they and their manager agreed to, of all people on the last day of the last whole month"), "/development")
	case "people-learning":
		return share(lang.T(ctx, "People with recorded learning in the quarter"), lang.T(ctx, "people who took part in learning in the last three whole months, of the people there on average"), "/effort")
	case impact.LearningScore:
		return profileText{Name: lang.T(ctx, "Score of what concerns learning"), Says: lang.T(ctx, "mean of the whole organisation's scores of these characteristics in the newest diagnosis that managers may read; not known where one of them is not told"), Decimals: 1, Path: "/scorecards"}
	case "technology-share":
		return profileText{Name: lang.T(ctx, "Hours through technology"), Says: lang.T(ctx, "hours of learning that come through a computer or a phone, of those of which it is said how, in the last twelve whole months"), Unit: "%", Decimals: 1, Path: "/effort/efficiency"}
	case "untyped-share":
		return share(lang.T(ctx, "Entries that arrive without typing"), lang.T(ctx, "entries of the ledger that a file, a program or another part wrote, of all, in the last twelve whole months"), "/effort/entries")
	case "new-hours":
		return profileText{Name: lang.T(ctx, "Hours in new ways"), Says: lang.T(ctx, "hours in ways of learning and kinds of solutions that were first used within 24 months, of all hours of the last twelve whole months; what was there in the ledger's first year is not new; not known of a ledger under two years"), Unit: "%", Decimals: 1, Path: "/effort"}
	case "new-estimated":
		return share(lang.T(ctx, "New initiatives with an estimate"), lang.T(ctx, "initiatives that first began within 24 months of whose effect there is an estimate, of all that did"), "/effects")
	case "spending-planned":
		return profileText{Name: lang.T(ctx, "Spending with a plan written before"), Says: lang.T(ctx, "direct costs of initiatives whose effect was written down before they began, of those of all, in the last 24 whole months"), Unit: "%", Decimals: 1, Path: "/effects"}
	case "spending-proved":
		return profileText{Name: lang.T(ctx, "Spending with an estimate of grade A to C"), Says: lang.T(ctx, "direct costs of initiatives with an estimate of grade A, B or C, whatever it found, of those of all, in the last 24 whole months"), Unit: "%", Decimals: 1, Path: "/effects"}
	case "hours-for-goals":
		return profileText{Name: lang.T(ctx, "Hours that serve a goal"), Says: lang.T(ctx, "hours of entries that serve a goal, or an initiative that serves one, of all, in the last twelve whole months"), Unit: "%", Decimals: 1, Path: "/effort"}
	case "goals-served":
		return share(lang.T(ctx, "Goals that learning serves"), lang.T(ctx, "goals of units that a resource serves, by itself or over a competency, or another solution that a priority names, of all that are worked on"), "/learning/alignment")
	case "modalities":
		return profileText{Name: lang.T(ctx, "Ways of learning in real use"), Says: lang.T(ctx, "modalities with at least one hour of learning in a hundred, in the last twelve whole months"), Path: "/effort"}
	case "work-based-share":
		return profileText{Name: lang.T(ctx, "Learning at work"), Says: lang.T(ctx, "hours of learning in a work-based modality, of all, in the last twelve whole months"), Unit: "%", Decimals: 1, Path: "/effort"}
	case "initiatives-proved":
		return share(lang.T(ctx, "Initiatives with an estimate of grade A to C"), lang.T(ctx, "initiatives that began at least six months ago with an estimate of grade A, B or C, whatever it found, of all that did"), "/effects")
	case "timely-access":
		return profileText{Name: lang.T(ctx, "Timely access"), Says: lang.T(ctx, "days from a need to access, in the last twelve whole months; fewer is better"), Unit: lang.T(ctx, "days"), Decimals: 0, Path: "/effort/efficiency"}
	case "solutions-of-reference":
		return profileText{Name: lang.T(ctx, "Solutions that are no learning, against the reference"), Says: lang.T(ctx, "their share of the function's hours in the last twelve whole months, in per cent of the reference in the settings (40 per cent is an estimate in the literature, and no norm)"), Unit: "%", Decimals: 0, Path: "/effort/split"}
	case "kinds-of-solutions":
		return profileText{Name: lang.T(ctx, "Kinds of other solutions in real use"), Says: lang.T(ctx, "of nine, those with at least one hour in a hundred of all that is no learning, in the last twelve whole months"), Path: "/effort/split"}
	case "cost-trend":
		return profileText{Name: lang.T(ctx, "Cost of an hour against the year before"), Says: lang.T(ctx, "change of the cost of an hour used, the last twelve whole months against the twelve before; less is better"), Unit: "%", Decimals: 1, Path: "/effort/efficiency"}
	case "changes-judged":
		return share(lang.T(ctx, "Dated changes that were judged"), lang.T(ctx, "changes of how the learning function works within 24 months of whose effect there is an estimate, of all"), "/effort/changes")
	case "executives-acting":
		return share(lang.T(ctx, "Quarters in which executives were seen"), lang.T(ctx, "quarters of executives with at least one visible act, of all in which they were executives, in the last four whole quarters"), "/involvement")
	}
	return share(lang.T(ctx, "Executives with a learning objective"), lang.T(ctx, "executives with a learning objective among their own goals that began within a year, of all"), "/involvement")
}
