package diagnosisdb

import (
	"context"
	"encoding/hex"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
)

// Answers of one person in two diagnoses are linked by a code that the person keeps, if the
// person wants it. The database has, of every answer, Derive(key, diagnosis and code) and,
// sealed, the same for the diagnosis before; who has not consented has random values in their
// places. The key lies in the key folder and outlives the diagnoses: without it nothing in
// the database joins answers of two diagnoses.

func linkKeyOf(organisation string) string { return "link-" + organisation }

// linkage is what an answer carries of a code.
type linkage struct{ link, earlier string }

// linkage makes of a code what an answer carries; of "" something that looks alike.
func (s *Store) linkage(organisation string, d diagnosis.Diagnosis, code string) (linkage, error) {
	var key []byte
	if code != "" {
		var err error
		if key, err = s.Keys.Read(linkKeyOf(organisation)); fault.KindOf(err) != fault.NotFound && err != nil {
			return linkage{}, err
		}
	}
	if key == nil {
		key, code = []byte(secret.Token()), secret.Token()
	}
	return linkage{linkOfCode(key, d.ID, code), hex.EncodeToString(secret.Seal("earlier", string(key), []byte(linkOfCode(key, d.Predecessor, code))))}, nil
}

// importedLinkage is linkage for answers out of a file. It reports what is no code.
func (s *Store) importedLinkage(organisation string, d diagnosis.Diagnosis, a diagnosis.Imported) (linkage, error) {
	code := secret.CleanCode(a.Code)
	if code == "" && a.Code != "" {
		return linkage{}, fault.Invalidf("%q is no code that a person keeps: it has sixteen letters and digits; nothing was imported", a.Code)
	}
	return s.linkage(organisation, d, code)
}

func linkOfCode(key []byte, diagnosisID, code string) string {
	return secret.Derive(key, "link/"+diagnosisID+"/"+code)
}

// predecessor is the diagnosis whose answers can be linked with those of one that opens: the
// newest that is closed and asked the same of the same part. "" where there is none.
func (s *Store) predecessor(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis, in *diagnosis.Instrument) (string, error) {
	all, err := db.All(ctx, tx, scanDiagnosis, `SELECT `+diagnosisColumns+` FROM diagnosis_diagnosis WHERE organisation_id = $1 AND state = 'closed' AND closed_at > 0
		ORDER BY closed_at DESC, id DESC`, organisation)
	if err != nil {
		return "", err
	}
	for _, before := range all {
		if before.Unit() != d.Unit() {
			continue
		}
		then, _, err := s.frozen(ctx, tx, organisation, before.ID)
		if err != nil {
			return "", err
		}
		if in.SameWording(then) == nil {
			return before.ID, nil
		}
	}
	return "", nil
}

// linked compares the answers of people who kept their code since the diagnosis before; nil
// where too few did, or the key is not here.
func (s *Store) linked(ctx context.Context, tx *db.Tx, in *diagnosis.Instrument, organisation string, d diagnosis.Diagnosis) (*diagnosis.Linked, error) {
	key, err := s.Keys.Read(linkKeyOf(organisation))
	if d.Predecessor == "" || fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	then, links, err := marked(ctx, tx, in, organisation, d.Predecessor, "link")
	if err != nil {
		return nil, err
	}
	now, earlier, err := marked(ctx, tx, in, organisation, d.ID, "earlier")
	if err != nil {
		return nil, err
	}
	for r, sealed := range earlier {
		earlier[r] = unsealedLink(key, sealed)
	}
	at := onceEach(links)
	var pairs [][2]int
	for link, r := range onceEach(earlier) {
		if was, ok := at[link]; ok {
			pairs = append(pairs, [2]int{was, r})
		}
	}
	before, err := oneDiagnosis(ctx, tx, organisation, d.Predecessor)
	if err != nil {
		return nil, err
	}
	l := in.LinkedChange(then, now, pairs, max(d.Minimum, before.Minimum))
	if l != nil {
		l.Since = d.Predecessor
	}
	return l, nil
}

// unsealedLink is the link in the diagnosis before; "" where there is none.
func unsealedLink(key []byte, sealed string) string {
	raw, err := hex.DecodeString(sealed)
	if err != nil {
		return ""
	}
	link, err := secret.Unseal("earlier", string(key), raw)
	if err != nil {
		return ""
	}
	return string(link)
}

// onceEach finds marks by their places: one that stands in two answers is nobody's.
func onceEach(marks []string) map[string]int {
	at, twice := map[string]int{}, map[string]bool{}
	for r, m := range marks {
		if _, ok := at[m]; ok {
			twice[m] = true
		}
		at[m] = r
	}
	delete(at, "")
	for m := range twice {
		delete(at, m)
	}
	return at
}

// marked reads the answers of a diagnosis with the mark that each carries in a column.
func marked(ctx context.Context, tx *db.Tx, in *diagnosis.Instrument, organisation, diagnosisID, column string) (*diagnosis.Answers, []string, error) {
	a := diagnosis.NewAnswers(in, 0)
	marks, err := db.All(ctx, tx, func(row db.Scanner) (mark string, err error) {
		var combination int32
		var packed []byte
		if err = row.Scan(&combination, &packed, &mark); err != nil {
			return "", err
		}
		return mark, a.Append(packed, combination)
	}, `SELECT combination, answers, `+column+` FROM diagnosis_response WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	return a, marks, err
}

// forgetLinks leaves nothing in the answers of the diagnosis before by which they could be
// linked.
func forgetLinks(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) error {
	_, err := tx.Exec(ctx, `UPDATE diagnosis_response SET link = '' WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, d.Predecessor)
	return err
}
