package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"
)

// ask answers one request for the work named key; do may be nil for a page that joins.
func ask(ws *web.Works, fragment bool, do web.Do[int]) (result int, ready bool, err error, answer *httptest.ResponseRecorder) {
	r := httptest.NewRequest(http.MethodGet, "/far", nil)
	if fragment {
		r.Header.Set("HX-Request", "true")
	}
	answer = httptest.NewRecorder()
	if do == nil {
		result, ready, err = web.Join[int](ws, answer, r, "key")
	} else {
		result, ready, err = web.Long(ws, answer, r, "key", do)
	}
	return result, ready, err, answer
}

func TestWorkGoesOnWhenItsPageIsLeftAndIsHandedOverOnce(t *testing.T) {
	ws := web.Works{Patience: time.Millisecond}
	began, end, times := make(chan bool), make(chan bool), 0
	do := func(ctx context.Context, progress func(done, total int)) (int, error) {
		times++
		progress(43, 100)
		close(began)
		<-end
		return 7, ctx.Err()
	}
	_, ready, err, page := ask(&ws, false, do)
	if ready || err != nil || page.Code != http.StatusOK {
		t.Fatalf("ready %v, %v, %d", ready, err, page.Code)
	}
	<-began
	if _, ready, _, page = ask(&ws, true, do); ready || !strings.Contains(page.Body.String(), "43 %") {
		t.Errorf("ready %v: %s", ready, page.Body)
	}
	close(end)
	ws.Wait(t.Context())
	if _, ready, _, page = ask(&ws, true, nil); ready || page.Header().Get("HX-Refresh") != "true" {
		t.Errorf("a page that looks again: ready %v, %v", ready, page.Header())
	}
	if result, ready, err, _ := ask(&ws, false, nil); result != 7 || !ready || err != nil || times != 1 {
		t.Errorf("%d, ready %v, %v, done %d times", result, ready, err, times)
	}
	if result, ready, err, _ := ask(&ws, false, nil); result != 0 || !ready || err != nil {
		t.Errorf("once more: %d, ready %v, %v", result, ready, err)
	}
}

func TestWorkThatFailsSaysSo(t *testing.T) {
	var ws web.Works
	_, ready, err, _ := ask(&ws, false, func(context.Context, func(int, int)) (int, error) { return 0, fault.Invalidf("no") })
	if !ready || fault.KindOf(err) != fault.Invalid {
		t.Errorf("ready %v, %v", ready, err)
	}
	_, ready, err, _ = ask(&ws, false, func(context.Context, func(int, int)) (int, error) { panic(errors.New("slipped")) })
	if !ready || err == nil || fault.Of(err) != nil || !strings.Contains(err.Error(), "slipped") {
		t.Errorf("ready %v, %v", ready, err)
	}
}

func TestWorkThatIsStoppedIsForgotten(t *testing.T) {
	ws := web.Works{Patience: time.Millisecond}
	ended := make(chan error, 1)
	web.Begin(&ws, httptest.NewRequest(http.MethodPost, "/begin", nil), "key", func(ctx context.Context, _ func(done, total int)) (int, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return 0, ctx.Err()
	}).StopAt("/far/stop")
	if _, ready, _, page := ask(&ws, false, nil); ready || !strings.Contains(page.Body.String(), `action="/far/stop"`) {
		t.Errorf("ready %v: %s", ready, page.Body)
	}
	ws.Stop("key")
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	ws.Wait(t.Context())
	if result, ready, err, _ := ask(&ws, false, nil); result != 0 || !ready || err != nil {
		t.Errorf("afterwards: %d, ready %v, %v", result, ready, err)
	}
	ws.Stop("key") // again
}
