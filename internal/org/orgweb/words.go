package orgweb

import (
	"context"
	"slices"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func roleName(ctx context.Context, r org.Role) string {
	switch r {
	case org.Administrator:
		return lang.T(ctx, "administrator")
	case org.DiagnosisLead:
		return lang.T(ctx, "diagnosis lead")
	case org.ProgrammeManager:
		return lang.T(ctx, "programme manager")
	case org.Leader:
		return lang.T(ctx, "leader")
	case org.Coach:
		return lang.T(ctx, "coach")
	case org.Manager:
		return lang.T(ctx, "manager")
	case org.Executive:
		return lang.T(ctx, "executive")
	case org.HeadOfLearning:
		return lang.T(ctx, "head of learning")
	case org.Employee:
		return lang.T(ctx, "employee")
	case org.PrivacyOfficer:
		return lang.T(ctx, "privacy officer")
	case org.Assistant:
		return lang.T(ctx, "assistant")
	}
	return string(r)
}

func grantText(ctx context.Context, g org.Grant) string {
	switch g.Scope.Kind {
	case org.UnitScope:
		return lang.T(ctx, "%s of a unit", roleName(ctx, g.Role))
	case org.PartnerScope:
		return lang.T(ctx, "%s of a partner", roleName(ctx, g.Role))
	case org.PersonScope:
		return lang.T(ctx, "%s of a person", roleName(ctx, g.Role))
	}
	return roleName(ctx, g.Role)
}

func scopeName(f accountForm, s org.Scope) string {
	for _, c := range slices.Concat(f.Units, f.Partners, f.Assisted) {
		if c.Value == s.ID && s.Kind != org.WholeScope {
			return ": " + c.Text
		}
	}
	return ""
}

func homeHeading(ctx context.Context, actor org.Actor, cards []web.Card) string {
	if cards = needs(cards); len(cards) == 0 {
		return lang.T(ctx, "Nothing waits for you, %s.", actor.Name)
	}
	return lang.N(ctx, len(cards), "One thing waits for you.", "%d things wait for you.")
}
