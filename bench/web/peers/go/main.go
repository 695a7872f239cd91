// The five endpoints with Go's net/http and encoding/json, and what its projects take for validation and tokens.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/golang-jwt/jwt/v5"
)

type Message struct {
	Message string `json:"message"`
}
type Page struct {
	ID    int64   `json:"id"`
	Q     *string `json:"q"`
	Limit int     `json:"limit"`
}
type Customer struct {
	Name string `json:"name" validate:"required,min=1,max=100"`
	City string `json:"city" validate:"required,min=1,max=100"`
}
type Line struct {
	SKU      string  `json:"sku" validate:"required,sku"`
	Quantity int     `json:"quantity" validate:"min=1,max=999"`
	Price    float64 `json:"price" validate:"min=0"`
}
type Order struct {
	ID       string   `json:"id" validate:"required,uuid"`
	Customer Customer `json:"customer" validate:"required"`
	Lines    []Line   `json:"lines" validate:"required,min=1,max=50,dive"`
	Note     *string  `json:"note" validate:"omitempty,max=500"`
}
type Total struct {
	Lines int     `json:"lines"`
	Total float64 `json:"total"`
}
type Item struct {
	ID          int64    `json:"id"`
	SKU         string   `json:"sku"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Price       float64  `json:"price"`
	Labels      []string `json:"labels"`
	IsAvailable bool     `json:"is_available"`
}
type Me struct {
	UserID string `json:"user_id"`
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}

func fail(w http.ResponseWriter, status int, detail string) {
	answer(w, status, map[string]string{"detail": detail})
}

func publicKey() *ecdsa.PublicKey {
	var set struct {
		Keys []struct{ X, Y string }
	}
	if err := json.Unmarshal([]byte(os.Getenv("JWKS")), &set); err != nil {
		panic(err)
	}
	number := func(text string) *big.Int {
		bytes, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			panic(err)
		}
		return new(big.Int).SetBytes(bytes)
	}
	return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(set.Keys[0].X), Y: number(set.Keys[0].Y)}
}

func main() {
	stock := make([]Item, 0, 40)
	for n := int64(1); n <= 40; n++ {
		number := strconv.FormatInt(1000+n, 10)
		stock = append(stock, Item{n, "ABC-" + number, "A thing that is sold as number " + number,
			"It is made of \"wood\", " + strings.Repeat("x", 80) + ", and lasts for years.", 9.5 + float64(n), []string{"new", "sale", "wood"}, n%2 == 0})
	}
	sku := regexp.MustCompile("^[A-Z]{3}-[0-9]{4}$")
	validate := validator.New(validator.WithRequiredStructEnabled())
	validate.RegisterValidation("sku", func(field validator.FieldLevel) bool { return sku.MatchString(field.Field().String()) })
	key := publicKey()
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"ES256"}), jwt.WithExpirationRequired())

	http.HandleFunc("GET /json", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, Message{"Hello, World!"}) })
	http.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			fail(w, 422, "id")
			return
		}
		query := r.URL.Query()
		page := Page{ID: id, Limit: 20}
		if query.Has("q") {
			q := query.Get("q")
			page.Q = &q
		}
		if query.Has("limit") {
			if page.Limit, err = strconv.Atoi(query.Get("limit")); err != nil || page.Limit < 1 || page.Limit > 100 {
				fail(w, 422, "limit")
				return
			}
		}
		answer(w, 200, page)
	})
	http.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var order Order
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&order); err != nil {
			fail(w, 422, "body")
			return
		}
		if err := validate.Struct(order); err != nil {
			fail(w, 422, "body")
			return
		}
		total := Total{Lines: len(order.Lines)}
		for _, line := range order.Lines {
			total.Total += float64(line.Quantity) * line.Price
		}
		answer(w, 200, total)
	})
	http.HandleFunc("GET /stock", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, stock) })
	http.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		var claims jwt.RegisteredClaims
		if _, err := parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key, nil }); !found || err != nil {
			fail(w, 401, "Invalid token")
			return
		}
		answer(w, 200, Me{claims.Subject})
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
