package diagnosisweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// votesForm is the page on which voting begins and ends.
type votesForm struct {
	*reading
	diagnosisdb.Chosen
	Address string // of the ballots
	Square  string // path of its QR code
	Side    int
	Err     error
}

func (p *Pages) votes(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	return p.showVotes(w, r, rd, nil)
}

func (p *Pages) showVotes(w http.ResponseWriter, r *http.Request, rd *reading, mistake error) (err error) {
	f := votesForm{reading: rd, Err: mistake}
	if f.Chosen, err = p.Store.Focal(r.Context(), rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if f.Voting {
		f.Address = p.Public + "/vote/" + f.Code
		if f.Square, f.Side, err = square(f.Address); err != nil {
			return err
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), votesPage(f))
}

func (p *Pages) keepVotes(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	c, err := p.Store.Focal(r.Context(), rd.organisation, rd.Diagnosis.ID)
	if err != nil {
		return err
	}
	c.Voting, c.Voters = r.FormValue("do") != "end", web.Number(r, "voters", c.Voters)
	if err = p.Store.SaveWorkshop(r.Context(), rd.organisation, rd.Diagnosis.ID, c.Workshop); web.Retry(err) {
		return p.showVotes(w, r, rd, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/focal-points/votes")
}

// ranked lists characteristics with votes, the most first.
func (f votesForm) ranked() (items []int) {
	all := f.Instrument.Items()
	for i, it := range all {
		if f.Votes[it.ID] > 0 {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int { return f.Votes[all[b].ID] - f.Votes[all[a].ID] })
	return items
}

// ballotSheet is the page of somebody who votes.
type ballotSheet struct {
	diagnosisdb.Election
	Err error
}

const voterCookie = "voter"

// ballot shows what can be voted for.
func (p *Pages) ballot(w http.ResponseWriter, r *http.Request) error {
	voter, _ := r.Cookie(voterCookie)
	var value string
	if voter != nil {
		value = voter.Value
	}
	e, err := p.Store.Election(r.Context(), r.PathValue("code"), value)
	if err != nil {
		return p.noSheet(w, r, err)
	}
	return p.showBallot(w, r, e, nil)
}

func (p *Pages) showBallot(w http.ResponseWriter, r *http.Request, e diagnosisdb.Election, mistake error) error {
	return web.Page(w, r, web.StatusOf(mistake), ballotPage(ballotSheet{Election: e, Err: mistake}))
}

// vote takes a ballot. The browser keeps something random, so that it has one.
func (p *Pages) vote(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	code, voter, items := r.PathValue("code"), "", r.PostForm["item"]
	if c, err := r.Cookie(voterCookie); err == nil {
		voter = c.Value
	}
	e, err := p.Store.Election(r.Context(), code, voter)
	if err != nil {
		return p.noSheet(w, r, err)
	}
	if voter == "" {
		voter = id.Random()
		http.SetCookie(w, &http.Cookie{Name: voterCookie, Value: voter, Path: "/vote/", MaxAge: 30 * 24 * 3600, HttpOnly: true,
			Secure: strings.HasPrefix(p.Public, "https://"), SameSite: http.SameSiteLaxMode})
	}
	if err := p.Store.Vote(r.Context(), code, voter, items); err != nil {
		if !web.Retry(err) {
			return err
		}
		e.Given = items
		return p.showBallot(w, r, e, err)
	}
	return web.Page(w, r, http.StatusOK, votedPage(e, len(items)))
}

func votesHeading(ctx context.Context, c diagnosisdb.Chosen) string {
	if c.Voting {
		return lang.T(ctx, "Voting is open: %[1]d of %[2]d ballots have come.", c.Ballots, c.Voters)
	}
	return lang.N(ctx, c.Ballots, "Voting is not open; one person voted.", "Voting is not open; %d people voted.")
}
