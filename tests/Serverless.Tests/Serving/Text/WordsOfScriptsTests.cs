using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text;

public class WordsOfScriptsTests
{
    [Theory]
    [InlineData("我的card丢了5天！", "我|的|card|丢|了|5|天")]
    [InlineData("カードを紛失", "カ|ー|ド|を|紛|失")]
    [InlineData("บัตร", "บ|ั|ต|ร")]
    [InlineData("ບັດ", "ບ|ັ|ດ")]
    [InlineData("ཁ་བྱང", "ཁ|བ|ྱ|ང")]
    [InlineData("ကတ်", "က|တ|်")]
    [InlineData("កាត", "ក|ា|ត")]
    [InlineData("𠀀𠀁", "𠀀|𠀁")]
    [InlineData("카드를 잃어버렸어요", "카드를|잃어버렸어요")]
    [InlineData("فقدت بطاقتي", "فقدت|بطاقتي")]
    [InlineData("Карта потеряна, don't!", "карта|потеряна|don|t")]
    public void Each_character_is_a_word_where_a_script_has_no_blanks_and_else_what_stands_between_blanks(string text, string words)
    {
        var found = new List<string>();
        NGrams.Words(text, found);
        Assert.Equal(words.Split('|'), found);
    }
}
