package transitiondb

import (
	"context"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// Invited is what the link of an invitation opens.
type Invited struct {
	Organisation org.Organisation
	Programme    transition.Programme
	Member       transition.Member
}

// Invitation returns it; not found for a link that is none, or that a newer one has replaced.
func (s *Store) Invitation(ctx context.Context, secret string) (in Invited, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		in, err = s.invitation(ctx, tx, secret)
		return err
	})
	return in, err
}

// Answer takes somebody's answer to an invitation.
func (s *Store) Answer(ctx context.Context, secret string, accepts bool, reason string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		in, err := s.invitation(ctx, tx, secret)
		if err == nil && in.Programme.Closed {
			err = fault.Conflictf("this programme has ended")
		}
		if err == nil && in.Member.Status != transition.Invited {
			err = fault.Conflictf("this invitation waits for no answer any more: tell who leads the programme")
		}
		if err != nil {
			return err
		}
		step := transition.Step{Status: transition.Declined, At: s.now(), By: in.Member.Person.Title(), Reason: reason}
		if accepts {
			step.Status, step.Reason = transition.Accepted, ""
		}
		return s.take(ctx, tx, in.Organisation.ID, in.Programme.ID, in.Member, step)
	})
}

// invitation finds what a link opens. Who looks at an answered one sees what was answered.
func (s *Store) invitation(ctx context.Context, tx *db.Tx, token string) (in Invited, err error) {
	var programme, member string
	_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
		o := &in.Organisation
		return struct{}{}, row.Scan(&programme, &member, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
	}, `SELECT m.programme_id, m.id, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone FROM transition_member m
		JOIN org_organisation o ON o.organisation_id = m.organisation_id WHERE m.secret_hash = $1`, linkHash(token))
	if err == nil && (!found || token == "") {
		err = fault.NotFoundf("this invitation does not exist any more: a newer mail may hold another link")
	}
	if err != nil {
		return in, err
	}
	if in.Programme, err = oneProgramme(ctx, tx, in.Organisation.ID, programme); err == nil {
		in.Member, err = s.member(ctx, tx, in.Organisation.ID, programme, member)
	}
	return in, err
}

// expired is how long ago somebody was invited after whom the page says to ask again.
const expired = 14 * 24 * time.Hour

// Unanswered says whether an invitation has waited long enough to ask again.
func (s *Store) Unanswered(m transition.Member) bool {
	return m.Status == transition.Invited && s.now().Sub(m.Since) >= expired
}
