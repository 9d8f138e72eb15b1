"""The function that writes traces: one round trip, one lock, the hash computed by the database.

The row of ``tete`` is locked first, so that two writers chain one after the other; inside the function each statement
sees what was committed meanwhile. Columns that name the actor are left to their defaults, which read the settings of
this very transaction.
"""

# {nom}, {prefixe}: ext.treille_tracer over audit_*, public.treille_tracer_reseau over reseau_*.
_FONCTION = """
CREATE OR REPLACE FUNCTION {nom}(p_contexte jsonb, p_evenements jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    e jsonb;
    n bigint;
    h bytea;
    precedente bytea;
    quand timestamptz;
    ids uuid[];
    dits jsonb;
BEGIN
    PERFORM set_config('treille.' || cle, p_contexte->>cle, true)
        FROM unnest(ARRAY['acteur', 'role', 'origine', 'mode', 'requete']) AS cle;
    SELECT t.numero, t.empreinte INTO n, h FROM {prefixe}_tete t WHERE t.id = 1 FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO {prefixe}_tete (id, numero, empreinte) VALUES (1, 0, ''::bytea) ON CONFLICT DO NOTHING;
        SELECT t.numero, t.empreinte INTO n, h FROM {prefixe}_tete t WHERE t.id = 1 FOR UPDATE;
    END IF;
    FOR e IN SELECT value FROM jsonb_array_elements(p_evenements) LOOP
        n := n + 1;
        precedente := h;
        quand := clock_timestamp();
        ids := ARRAY(SELECT jsonb_array_elements_text(e->'sujets'))::uuid[];
        dits := e->'details';
        h := sha256(convert_to({canon}, 'UTF8'));
        PERFORM set_config('treille.mode', e->>'mode', true);
        INSERT INTO {prefixe}_trace (numero, instant, genre, nature, sujets, details, precedente, empreinte)
        VALUES (n, quand, e->>'genre', e->>'nature', ids, dits, precedente, h);
    END LOOP;
    UPDATE {prefixe}_tete SET numero = n, empreinte = h WHERE id = 1;
    RETURN n;
END $$
"""


def canon(
    *,
    numero: str,
    instant: str,
    acteur: str,
    role: str,
    origine: str,
    mode: str,
    requete: str,
    genre: str,
    nature: str,
    sujets: str,
    details: str,
    precedente: str,
) -> str:
    """SQL text of the string that is hashed: every column in a fixed order, parted by U+001F, which none may hold."""
    morceaux = (
        f"{numero}::text",
        f"(extract(epoch FROM {instant}) * 1000000)::bigint::text",
        f"coalesce({acteur}::text, '')",
        role,
        origine,
        mode,
        requete,
        genre,
        nature,
        f"array_to_string({sujets}, ',')",
        f"{details}::text",
        f"encode({precedente}, 'hex')",
    )
    return "concat_ws(chr(31), " + ", ".join(morceaux) + ")"


def _fonction(nom: str, prefixe: str) -> str:
    texte = canon(
        numero="n",
        instant="quand",
        acteur="(p_contexte->>'acteur')",
        role="(p_contexte->>'role')",
        origine="(p_contexte->>'origine')",
        mode="(e->>'mode')",
        requete="(p_contexte->>'requete')",
        genre="(e->>'genre')",
        nature="(e->>'nature')",
        sujets="ids",
        details="dits",
        precedente="precedente",
    )
    return _FONCTION.format(nom=nom, prefixe=prefixe, canon=texte)


# The string of a stored row, for the verifier.
CANON_D_UNE_LIGNE = canon(
    numero="numero",
    instant="instant",
    acteur="acteur_id",
    role="role",
    origine="origine",
    mode="mode",
    requete="requete",
    genre="genre",
    nature="nature",
    sujets="sujets",
    details="details",
    precedente="precedente",
)

FONCTIONS = (_fonction("ext.treille_tracer", "audit"), _fonction("public.treille_tracer_reseau", "reseau"))
