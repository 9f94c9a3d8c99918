package demo

import (
	"context"

	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// staff picks from the first roster who has which role. The manager runs the
// country that scores lowest.
func (o *Organisation) staff() map[org.Role]Person {
	posts := []struct {
		role  org.Role
		unit  string
		level org.Level
	}{
		{org.Administrator, systems, org.LevelSeniorManager},
		{org.DiagnosisLead, personnel, org.LevelSeniorManager},
		{org.Manager, lowest + "-HQ", org.LevelExecutive},
		{org.Executive, board, org.LevelExecutive},
		{org.Employee, lowest + "-S001", org.LevelEmployee},
		{org.PrivacyOfficer, legal, org.LevelSeniorManager},
	}
	chosen := map[org.Role]Person{}
	for _, p := range o.People(Waves) {
		for _, at := range posts {
			if _, taken := chosen[at.role]; !taken && p.Unit == at.unit && p.Level == at.level {
				chosen[at.role] = p
			}
		}
	}
	return chosen
}

func accountOf(p Person) org.Account {
	return org.Account{Mail: p.Mail, Name: p.Name, Person: p.Key}
}

// lead is who runs the diagnoses.
func (l *loading) lead() string { return l.o.staff()[org.DiagnosisLead].Name }

// accounts makes an account for every role but the administrator's, which the
// organisation began with.
func (l *loading) accounts(ctx context.Context, store orgdb.Store, staff map[org.Role]Person) error {
	structure, err := store.Structure(ctx, l.organisation, l.roster)
	if err != nil {
		return err
	}
	scope := map[org.Role]org.Scope{}
	for _, u := range structure.Units {
		if u.Key == lowest {
			scope[org.Manager] = org.Scope{Kind: org.UnitScope, ID: u.ID}
		}
	}
	made, err := store.Accounts(ctx, l.organisation)
	if err != nil {
		return err
	}
	admin := staff[org.Administrator]
	for _, role := range org.Roles {
		p := staff[role]
		signIn := SignIn{Role: role, Name: p.Name, Mail: p.Mail}
		if role == org.Administrator {
			signIn.Account = made[0].ID
		} else {
			a := accountOf(p)
			s, narrow := scope[role]
			if !narrow {
				s = org.Scope{Kind: org.WholeScope}
			}
			a.Grants = []org.Grant{{Role: role, Scope: s}}
			if signIn.Account, err = store.CreateAccount(ctx, l.organisation, a, admin.Name); err != nil {
				return err
			}
		}
		l.signIns = append(l.signIns, signIn)
	}
	return nil
}
