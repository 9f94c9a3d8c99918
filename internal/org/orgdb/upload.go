package orgdb

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Upload is roster files that were handed in and are not imported yet.
type Upload struct {
	ID    string
	Day   period.Day // from which they shall hold
	Map   org.Map    // as far as it is known; it may not be complete
	By    string     // the account's name
	Files []UploadFile
}

// UploadFile is one of an upload's files. Body is needed to save it and is nil
// when read back; see CopyUpload.
type UploadFile struct {
	Name string
	Body *io.SectionReader
}

// UploadLives is how long an upload waits for its import.
const UploadLives = 24 * time.Hour

const uploadPart = 1 << 20 // bytes

// SaveUpload keeps files for import and returns the upload's id. Uploads that
// have waited too long are deleted, of whichever organisation.
func (s Store) SaveUpload(ctx context.Context, organisation string, u Upload) (upload string, err error) {
	m, err := json.Marshal(u.Map)
	if err != nil {
		return "", err
	}
	upload = id.New()
	return upload, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.forgetUploads(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO org_upload (organisation_id, id, made_at, made_by, day, map) VALUES ($1, $2, $3, $4, $5, $6)`,
			organisation, upload, s.now().UnixMicro(), u.By, u.Day, string(m))
		if err != nil {
			return err
		}
		for i, f := range u.Files {
			if err := savePart(ctx, tx, organisation, upload, i, f); err != nil {
				return err
			}
		}
		return nil
	})
}

func savePart(ctx context.Context, tx *db.Tx, organisation, upload string, file int, f UploadFile) error {
	body := make([]byte, uploadPart)
	for part := 0; ; part++ {
		n, err := f.Body.ReadAt(body, int64(part)*uploadPart)
		if err != nil && err != io.EOF {
			return err
		}
		if n == 0 && part > 0 {
			return nil
		}
		_, err = tx.Exec(ctx, `INSERT INTO org_upload_part (organisation_id, upload_id, file, part, name, body) VALUES ($1, $2, $3, $4, $5, $6)`,
			organisation, upload, file, part, f.Name, body[:n])
		if err != nil || n < uploadPart {
			return err
		}
	}
}

// Upload returns an upload without the contents of its files; not found after
// its import, or when it has waited too long.
func (s Store) Upload(ctx context.Context, organisation, upload string) (u Upload, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var m string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&u.ID, &u.Day, &u.By, &m)
		}, `SELECT id, day, made_by, map FROM org_upload WHERE organisation_id = $1 AND id = $2 AND made_at > $3`,
			organisation, upload, s.now().Add(-UploadLives).UnixMicro())
		if err == nil && !found {
			return fault.NotFoundf("these files are not here any more: they were imported or have waited for over a day; hand them in again")
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(m), &u.Map); err != nil {
			return err
		}
		u.Files, err = db.All(ctx, tx, func(row db.Scanner) (f UploadFile, err error) {
			err = row.Scan(&f.Name)
			return f, err
		}, `SELECT name FROM org_upload_part WHERE organisation_id = $1 AND upload_id = $2 AND part = 0 ORDER BY file`, organisation, upload)
		return err
	})
	return u, err
}

// CopyUpload writes the content of an upload's file; files count from 0.
func (s Store) CopyUpload(ctx context.Context, organisation, upload string, file int, to io.Writer) error {
	return s.DB.Read(ctx, func(tx *db.Tx) error {
		for part := 0; ; part++ {
			body, found, err := db.One(ctx, tx, db.Value[[]byte], `SELECT body FROM org_upload_part
				WHERE organisation_id = $1 AND upload_id = $2 AND file = $3 AND part = $4`, organisation, upload, file, part)
			if err != nil || !found {
				return err
			}
			if _, err := to.Write(body); err != nil {
				return err
			}
		}
	})
}

// MapUpload keeps the map and the day with which an upload shall be imported.
func (s Store) MapUpload(ctx context.Context, organisation, upload string, day period.Day, m org.Map) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE org_upload SET day = $3, map = $4 WHERE organisation_id = $1 AND id = $2`, organisation, upload, day, string(text))
		return err
	})
}

// DeleteUpload deletes an upload; one that is not there is no mistake.
func (s Store) DeleteUpload(ctx context.Context, organisation, upload string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM org_upload_part WHERE organisation_id = $1 AND upload_id = $2`, organisation, upload); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM org_upload WHERE organisation_id = $1 AND id = $2`, organisation, upload)
		return err
	})
}

// ForgetUploads deletes the uploads of all organisations that have waited too long.
func (s Store) ForgetUploads(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.forgetUploads(ctx, tx) })
}

func (s Store) forgetUploads(ctx context.Context, tx *db.Tx) error {
	oldest := s.now().Add(-UploadLives).UnixMicro()
	_, err := tx.Exec(ctx, `DELETE FROM org_upload_part WHERE EXISTS (SELECT 1 FROM org_upload u
		WHERE u.organisation_id = org_upload_part.organisation_id AND u.id = org_upload_part.upload_id AND u.made_at <= $1)`, oldest)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM org_upload WHERE made_at <= $1`, oldest)
	return err
}
