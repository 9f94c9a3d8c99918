package diagnosis

import "throughline/internal/kit/yaml"

// ReadInstrument reads an instrument file and checks it; a mistake names the line
// or the place in the file.
func ReadInstrument(source []byte) (*Instrument, error) {
	in := new(Instrument)
	if err := yaml.Decode(source, in); err != nil {
		return nil, err
	}
	return in, in.Check()
}
