package demo

import (
	"context"

	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// rolePost says whose role it is: the first in a unit on a level. reach is the unit for
// which the role holds, "" for the whole.
type rolePost struct {
	role  org.Role
	unit  string
	level org.Level
	reach string
}

// The manager runs the country that scores lowest.
var retailPosts = []rolePost{
	{org.Administrator, systems, org.LevelSeniorManager, ""},
	{org.DiagnosisLead, personnel, org.LevelSeniorManager, ""},
	{org.ProgrammeManager, "HO-FIN", org.LevelSeniorManager, ""},
	{org.Manager, lowest + "-HQ", org.LevelExecutive, lowest},
	{org.Executive, board, org.LevelExecutive, ""},
	{org.HeadOfLearning, board, org.LevelExecutive, ""},
	{org.Employee, lowest + "-S001", org.LevelEmployee, ""},
	{org.PrivacyOfficer, legal, org.LevelSeniorManager, ""},
	{org.Assistant, "HO-FIN", org.LevelEmployee, ""},
}

// staff says who has which role.
func (o *Organisation) staff() map[org.Role]Person { return o.roles }

// chosen picks from the second roster who has which role; nobody has two.
func (o *Organisation) chosen() map[org.Role]Person {
	chosen := map[org.Role]Person{}
	for _, p := range o.People(Waves) {
		for _, at := range o.posts {
			if _, taken := chosen[at.role]; !taken && p.Unit == at.unit && p.Level == at.level {
				chosen[at.role] = p
				break
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

// accounts makes an account for every role that has a post but the administrator's, which
// the organisation began with. Leaders and coaches get theirs when they accept.
func (l *loading) accounts(ctx context.Context, store orgdb.Store, staff map[org.Role]Person) error {
	structure, err := store.Structure(ctx, l.organisation, l.roster)
	if err != nil {
		return err
	}
	unit := map[string]string{}
	for _, u := range structure.Units {
		unit[u.Key] = u.ID
	}
	made, err := store.Accounts(ctx, l.organisation)
	if err != nil {
		return err
	}
	admin := staff[org.Administrator]
	for _, at := range l.o.posts {
		p := staff[at.role]
		signIn := SignIn{Role: at.role, Name: p.Name, Mail: p.Mail}
		if at.role == org.Administrator {
			signIn.Account = made[0].ID
		} else {
			a := accountOf(p)
			s := org.Scope{Kind: org.WholeScope}
			if at.role == org.Assistant {
				whose, err := store.PersonByKey(ctx, l.organisation, staff[org.Executive].Key, l.roster)
				if err != nil {
					return err
				}
				s = org.Scope{Kind: org.PersonScope, ID: whose.ID}
			}
			if at.reach != "" {
				s = org.Scope{Kind: org.UnitScope, ID: unit[at.reach]}
			}
			a.Grants = []org.Grant{{Role: at.role, Scope: s}}
			if signIn.Account, err = store.CreateAccount(ctx, l.organisation, a, admin.Name); err != nil {
				return err
			}
		}
		l.signIns = append(l.signIns, signIn)
	}
	return nil
}
