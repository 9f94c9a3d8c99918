package learningweb

import (
	"context"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// homePage is the way into learning.
type homePage struct {
	Frameworks []learningdb.Counted
	Roles      []learningdb.HeldRole
	Rule       learning.CountingRule
	Manages    bool
	Reads      bool // the learning strategy
	Self       bool // the reader is somebody of the roster
	Err        error
}

func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	rule, err := p.Store.Rule(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return err
	}
	return p.showHome(w, r, homePage{Rule: rule})
}

func (p *Pages) showHome(w http.ResponseWriter, r *http.Request, h homePage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	h.Manages = p.Permits.May(actor, Manage, org.Place{})
	h.Reads = p.Permits.MayAnywhere(actor, ReadStrategy)
	if h.Frameworks, err = p.Store.Frameworks(ctx, actor.Organisation); err != nil {
		return err
	}
	if h.Roles, err = p.Store.Roles(ctx, actor.Organisation); err != nil {
		return err
	}
	_, err = p.Org.Self(ctx, actor)
	if h.Self = err == nil; err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return web.Page(w, r, web.StatusOf(h.Err), homeView(h))
}

// competencies is how many there are in all frameworks that are used.
func (h homePage) competencies() (n int) {
	for _, f := range h.Frameworks {
		if f.Ended == "" {
			n += f.Competencies
		}
	}
	return n
}

// bare is how many roles require nothing yet.
func (h homePage) bare() (n int) {
	for _, r := range h.Roles {
		if r.Ended == "" && len(r.Requires) == 0 {
			n++
		}
	}
	return n
}

func (h homePage) heading(ctx context.Context) string {
	switch bare := h.bare(); {
	case h.competencies() == 0:
		return lang.T(ctx, "Nothing says yet what people need to be able to do.")
	case len(h.Roles) == 0:
		return lang.T(ctx, "There are competencies, and no role yet that requires them.")
	case bare > 0:
		return lang.N(ctx, bare, "One role requires nothing yet.", "%d roles require nothing yet.")
	}
	return lang.N(ctx, len(h.Roles), "One role says what it requires.", "%d roles say what they require.")
}

// setRule says which of several ratings counts.
func (p *Pages) setRule(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	rule := learning.CountingRule{Newest: r.FormValue("newest") == "yes", Months: web.Number(r, "months", -1)}
	err := p.Store.SetRule(r.Context(), actor.Organisation, rule, actor.Name)
	if web.Retry(err) {
		return p.showHome(w, r, homePage{Rule: rule, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/learning")
}

// ruleText says the rule in a sentence.
func ruleText(ctx context.Context, c learning.CountingRule) string {
	switch {
	case c.Newest && c.Months == 0:
		return lang.T(ctx, "The newest rating counts, whoever gave it.")
	case c.Newest:
		return lang.N(ctx, c.Months, "The newest rating counts, whoever gave it, if it is not older than a month.", "The newest rating counts, whoever gave it, if it is not older than %d months.")
	case c.Months == 0:
		return lang.T(ctx, "An assessment counts before evidence, evidence before the manager's word, that before the own; of one sort the newest.")
	}
	return lang.N(ctx, c.Months, "An assessment counts before evidence, evidence before the manager's word, that before the own; of one sort the newest, and none that is older than a month.", "An assessment counts before evidence, evidence before the manager's word, that before the own; of one sort the newest, and none that is older than %d months.")
}

func ratedByText(ctx context.Context, by learning.RatedBy) string {
	switch by {
	case learning.ByAssessment:
		return lang.T(ctx, "assessment")
	case learning.ByEvidence:
		return lang.T(ctx, "evidence")
	case learning.ByManager:
		return lang.T(ctx, "the manager")
	}
	return lang.T(ctx, "the person")
}
