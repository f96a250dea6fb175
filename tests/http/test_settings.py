"""What admins see of the settings."""

from cast import Person


async def test_shows_what_counts_and_no_secret(owner: Person) -> None:
    answer = await owner.get("/admin/settings")
    text = await answer.text()
    assert answer.status == 200
    assert "k" * 40 not in text
    sections = {row["name"]: {one["name"]: one for one in row["settings"]} for row in (await answer.json())["sections"]}
    assert set(sections["auth"]["secret_key"]["value"]) == {"*"}
    assert (sections["server"]["port"]["value"], sections["server"]["port"]["is_default"]) == (8080, True)
    assert sections["auth"]["secret_key"]["is_default"] is False
    assert sections["site"]["name"]["description"]
