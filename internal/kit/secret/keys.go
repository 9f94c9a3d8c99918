package secret

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"throughline/internal/kit/fault"
)

// Keys is a folder with one key a file. It lies outside the database and its
// backups; replicas share it.
type Keys struct{ Folder string }

var keyName = regexp.MustCompile(`^[a-z0-9-]{1,80}$`)

// Make writes a new random key of 256 bits under a name of lower-case letters,
// digits and hyphens, and makes sure that it is on the disk. A key that is there
// already stays and is returned.
func (k Keys) Make(name string) ([]byte, error) {
	if !keyName.MatchString(name) {
		return nil, fault.Invalidf("%q is not a name for a key", name)
	}
	if err := os.MkdirAll(k.Folder, 0o700); err != nil {
		return nil, err
	}
	if k.Has(name) {
		return k.Read(name)
	}
	key := make([]byte, 32)
	rand.Read(key)
	f, err := os.CreateTemp(k.Folder, name+".*.making")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	// The key has its name once all of it is there, and one of several makers wins.
	if err := os.Link(f.Name(), k.file(name)); errors.Is(err, fs.ErrExist) {
		return k.Read(name)
	} else if err != nil {
		return nil, err
	}
	return key, syncFolder(k.Folder)
}

// syncFolder makes sure that a file's name is on the disk.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Read returns a key; not found when it was destroyed or never stood here.
func (k Keys) Read(name string) ([]byte, error) {
	if !keyName.MatchString(name) {
		return nil, fault.Invalidf("%q is not a name for a key", name)
	}
	key, err := os.ReadFile(k.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.NotFoundf("the key %s is not in the key folder", name)
	}
	if err == nil && len(key) != 32 {
		return nil, errors.New("the key " + name + " is damaged")
	}
	return key, err
}

// Has says whether a key is there.
func (k Keys) Has(name string) bool {
	_, err := os.Stat(k.file(name))
	return err == nil
}

// Destroy overwrites and removes a key. A key that is not there is no error.
func (k Keys) Destroy(name string) error {
	if !keyName.MatchString(name) {
		return fault.Invalidf("%q is not a name for a key", name)
	}
	f, err := os.OpenFile(k.file(name), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 32))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(k.file(name)))
}

func (k Keys) file(name string) string { return filepath.Join(k.Folder, name+".key") }
