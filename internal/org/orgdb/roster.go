package orgdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Roster is what is to be imported: files, a map that says which column is what,
// and the day from which it holds.
type Roster struct {
	Day      period.Day
	Map      org.Map
	Sources  []org.Source
	By       string         // who imports, for the record
	Progress func(rows int) // called now and then with the rows read so far; may be nil
}

// errPreview ends a preview's transaction without saving it.
var errPreview = errors.New("preview")

// ImportRoster makes the files the organisation's roster from a day on, whole or
// not at all. What keeps its key is the same, changed or moved; who and what the
// files do not name has left. Memory does not grow with the number of people.
//
// With bad rows nothing is saved: the report names them and the error, a fault,
// says how many there are. It also reports a day before the last import's, files
// that do not fit the map, and units that do not form one tree.
func (s Store) ImportRoster(ctx context.Context, organisation string, in Roster) (*org.Report, error) {
	return s.roster(ctx, organisation, in, true)
}

// PreviewRoster says what ImportRoster would do, and saves nothing.
func (s Store) PreviewRoster(ctx context.Context, organisation string, in Roster) (*org.Report, error) {
	return s.roster(ctx, organisation, in, false)
}

func (s Store) roster(ctx context.Context, organisation string, in Roster, save bool) (report *org.Report, err error) {
	if day, err := period.ParseDay(string(in.Day)); err != nil || day != in.Day || day == "" {
		return nil, fault.Fieldf("day", "%q is not the day of an import: write it as 2026-01-31", string(in.Day))
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		report = &org.Report{Day: in.Day}
		run := &rosterRun{tx: tx, organisation: organisation, in: in, id: id.New(), now: s.now(), report: report}
		if err := run.run(ctx); err != nil {
			return err
		}
		if !save {
			return errPreview
		}
		report.Import = run.id
		return run.finish(ctx)
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return report, err
}

// rosterRun is one import under way.
type rosterRun struct {
	tx           *db.Tx
	organisation string
	in           Roster
	id           string
	now          time.Time
	report       *org.Report
	again        bool // there were imports before, or one that was taken back
	units        idsByKey
	locations    idsByKey
	partners     idsByKey
}

func (r *rosterRun) run(ctx context.Context) error {
	draft, err := org.NewDraft(r.in.Map, r.in.Sources)
	if err != nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	if err := r.read(ctx, draft); err != nil {
		return err
	}
	// A small import before leaves the planner thinking that the stage is small.
	if err := r.tx.Grown(ctx, "org_stage"); err != nil {
		return err
	}
	units, remarks, err := draft.Units()
	if err != nil {
		return r.told(err)
	}
	r.report.Remarks = remarks
	teams, err := draft.Teams()
	if err != nil {
		return r.told(err)
	}
	if err := r.checkPeople(ctx, draft, teams); err != nil {
		return err
	}
	if err := r.mergePlaces(ctx, units, draft.Locations(), draft.Partners()); err != nil {
		return err
	}
	if err := r.mergeGroups(ctx, draft.Groups()); err != nil {
		return err
	}
	if err := r.mergeTeams(ctx, teams); err != nil {
		return err
	}
	return r.mergePeople(ctx)
}

// begin waits for an import that is under way, checks the day and opens this one.
func (r *rosterRun) begin(ctx context.Context) error {
	if err := r.tx.PlanAnew(ctx); err != nil {
		return err
	}
	if _, err := r.tx.Exec(ctx, `INSERT INTO org_stage (organisation_id, id, key, manager_key, file, line, record)
		VALUES ($1, 0, '', '', '', 0, '')`, r.organisation); err != nil {
		return err
	}
	last, again, err := lastImport(ctx, r.tx, r.organisation)
	if err != nil {
		return err
	}
	if again && r.in.Day < last.Day {
		return fault.Fieldf("day", "the last import holds from %s, so one from %s on would change what is past: choose a later day, or take the last import back", string(last.Day), string(r.in.Day))
	}
	_, r.again, err = db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_import WHERE organisation_id = $1 LIMIT 1`, r.organisation)
	if err != nil {
		return err
	}
	names := make([]string, len(r.in.Sources))
	for i, s := range r.in.Sources {
		names[i] = s.Name
	}
	m, err := json.Marshal(r.in.Map)
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `INSERT INTO org_import (organisation_id, id, day, made_at, made_by, source, map, counts, taken_back_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', 0)`,
		r.organisation, r.id, r.in.Day, r.now.UnixMicro(), r.in.By, strings.Join(names, ", "), string(m))
	return err
}

func (r *rosterRun) finish(ctx context.Context) error {
	if _, err := r.tx.Exec(ctx, `DELETE FROM org_stage WHERE organisation_id = $1`, r.organisation); err != nil {
		return err
	}
	counts, err := json.Marshal(countsOnly(*r.report))
	if err != nil {
		return err
	}
	if _, err := r.tx.Exec(ctx, `UPDATE org_import SET counts = $3 WHERE organisation_id = $1 AND id = $2`,
		r.organisation, r.id, string(counts)); err != nil {
		return err
	}
	if err := r.tx.Grown(ctx, versioned...); err != nil {
		return err
	}
	return RecordEvent(ctx, r.tx, r.organisation, org.Event{At: r.now, Who: r.in.By, What: "roster imported", Detail: string(r.in.Day)})
}

func countsOnly(report org.Report) org.Report {
	report.Bad, report.Remarks = nil, nil
	for _, c := range []*org.Changes{&report.Units, &report.Locations, &report.Partners, &report.People, &report.Groups, &report.Teams} {
		c.First = nil
	}
	return report
}

// UnitsStamp changes when the tree of UnitsIn may be another: with an import that holds on the day,
// with one that is taken back, and with what a directory changes.
func UnitsStamp(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (string, error) {
	stamp, _, err := db.One(ctx, tx, scanStamp, stampQuery+` AND day <= $2`, organisation, day)
	return fmt.Sprint(stamp), err
}

const stampQuery = `SELECT COUNT(*), COALESCE(MAX(taken_back_at), 0), COALESCE(MAX(changed_at), 0) FROM org_import WHERE organisation_id = $1`

func scanStamp(row db.Scanner) (stamp [3]int64, err error) {
	err = row.Scan(&stamp[0], &stamp[1], &stamp[2])
	return stamp, err
}

// RosterStamp changes with every import, every one that is taken back, and every change of a directory.
func RosterStamp(ctx context.Context, tx *db.Tx, organisation string) (string, error) {
	stamp, _, err := db.One(ctx, tx, scanStamp, stampQuery, organisation)
	return fmt.Sprint(stamp), err
}
