package app

import "testing"

func TestTheAddressForBrowsersOpens(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "http://localhost:8080", ":8080": "http://localhost:8080", "0.0.0.0:80": "http://localhost:80",
		"[::]:8080": "http://localhost:8080", "10.0.0.7:8080": "http://10.0.0.7:8080", "[::1]:8080": "http://[::1]:8080", "host.example:81": "http://host.example:81",
	} {
		if got := (Config{Addr: addr}).public(); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
	if got := (Config{Addr: ":1", Public: "https://a.example/"}).public(); got != "https://a.example" {
		t.Error(got)
	}
}
